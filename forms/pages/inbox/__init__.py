"""待办、已办、我发起: the three lists of a person, their queries and their pages."""

from forms.pages.inbox import views

__all__ = ["views"]
