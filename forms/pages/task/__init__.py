"""任务页: one task of a person: its form, its deadline, where its case stands."""

from forms.pages.task import acts, show, submit

__all__ = ["acts", "show", "submit"]
