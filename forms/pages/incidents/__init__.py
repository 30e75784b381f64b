"""异常处理: what failed, and how an administrator gets it going again."""

from forms.pages.incidents import acts, resend, views

__all__ = ["acts", "resend", "views"]
