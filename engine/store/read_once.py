"""What is read once in a transaction, though each of its steps asks: rules in force, calendars.

Whoever changes such a thing forgets it in the same transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from sqlalchemy.orm import Session

T = TypeVar("T")
_KEPT = "read once in this transaction"


def read_once(session: Session, name: Hashable, read: Callable[[], T]) -> T:
    """What `read` gave when it was asked for by that name first since the transaction began."""
    kept = _kept(session)
    if name not in kept:
        found = read()  # may have begun the transaction
        kept = _kept(session)
        kept[name] = found
    result: T = kept[name]
    return result


def forget(session: Session, name: Hashable) -> None:
    """It was changed: the next one who asks reads it anew."""
    _kept(session).pop(name, None)


def _kept(session: Session) -> dict[Hashable, Any]:
    transaction = session.get_transaction()
    known = session.info.get(_KEPT)
    if known is None or known[0] is not transaction:
        known = session.info[_KEPT] = (transaction, {})
    kept: dict[Hashable, Any] = known[1]
    return kept
