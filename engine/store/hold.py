"""Holds a name until the transaction ends, where what is looked for may not be there yet to be locked.

A row lock cannot keep two transactions from both finding nothing and both writing: a message kept while its
receiver subscribes, the next version number of one process. SQLite writes one transaction at a time anyway.
"""

from __future__ import annotations

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from engine.store.prepared import Prepared

_hold = Prepared(select(func.pg_advisory_xact_lock(func.hashtextextended(bindparam("name"), 0))))


def hold(session: Session, *words: str) -> None:
    """Waits until no other transaction holds the same words."""
    if not writes_alone(session):
        _hold.rows(session, name="\n".join(words))


def writes_alone(session: Session) -> bool:
    """Whether no other transaction can write until this one ends: SQLite's are begun with the only lock."""
    return session.get_bind().dialect.name == "sqlite"
