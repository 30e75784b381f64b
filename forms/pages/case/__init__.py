"""案件页: what a case is, where it stands, what happened; also shown beside a task."""

from forms.pages.case import identity, views

__all__ = ["identity", "views"]
