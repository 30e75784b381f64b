"""案件页: what a case is, where it stands, what happened; also shown beside a task."""

from forms.pages.case import archive, clock, identity, proof, views

__all__ = ["archive", "clock", "identity", "proof", "views"]
