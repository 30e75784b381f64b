"""周期: what recurs, what ran and what is next; starting by hand, pausing, going on."""

from forms.pages.cycles import acts, views

__all__ = ["acts", "views"]
