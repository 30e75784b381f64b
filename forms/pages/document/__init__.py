"""公文登记: the numbers given out, and taking one back."""

from forms.pages.document import book, void

__all__ = ["book", "void"]
