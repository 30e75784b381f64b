"""个人设置: what a person decides for oneself."""

from forms.pages.me import feed, views

__all__ = ["feed", "views"]
