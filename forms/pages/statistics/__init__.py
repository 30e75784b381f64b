"""统计: the indicators of a period, the cases behind each, and all of them as a file."""

from forms.pages.statistics import views

__all__ = ["views"]
