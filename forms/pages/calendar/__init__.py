"""工作日历: the years as month grids, and the form that loads or corrects a year."""

from forms.pages.calendar import edit, views

__all__ = ["edit", "views"]
