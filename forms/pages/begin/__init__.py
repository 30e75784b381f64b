"""立项和申请: what a person may begin by filling in a form: a 督查, a 整改, an application for 复核."""

from forms.pages.begin import recuse, views

__all__ = ["recuse", "views"]
