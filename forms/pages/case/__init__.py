"""案件页: what a case is, where it stands, what happened; also shown beside a task."""

from forms.pages.case import identity, proof, views

__all__ = ["identity", "proof", "views"]
