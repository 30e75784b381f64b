"""一次性提交: a form that was sent twice, by two clicks or by reloading, does its work once."""

from supervision.once.store import outcome_of, remember

__all__ = ["outcome_of", "remember"]
