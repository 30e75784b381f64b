"""法律: the clauses with what implements them, the legal bases, and what the district decides."""

from forms.pages.law import bases, clauses, settings

__all__ = ["bases", "clauses", "settings"]
