"""逾期清单: which cases are late or about to be, by unit, step and person, for those who supervise."""

from forms.pages.overdue import views

__all__ = ["views"]
