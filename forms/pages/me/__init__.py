"""个人设置: what a person decides for oneself."""

from forms.pages.me import views

__all__ = ["views"]
