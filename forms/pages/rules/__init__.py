"""期限规则: the list, and the forms that change one rule or the whole file."""

from forms.pages.rules import edit, views

__all__ = ["edit", "views"]
