"""What is to be done once the session's transaction has been committed, and not at all when it was not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session, sessionmaker

_TODO = "after commit"


def after_commit(session: Session, act: Callable[[], None]) -> None:
    """Runs `act` after the commit; forgets it when anything of the transaction is rolled back.

    Of a session whose factory was not `install`ed nothing is ever run.
    """
    session.info.setdefault(_TODO, []).append(act)


def install(sessions: sessionmaker[Session]) -> None:
    """Makes the factory's sessions do what was asked."""
    event.listen(sessions, "after_commit", _do)
    event.listen(sessions, "after_soft_rollback", _forget)


def _do(session: Session) -> None:
    if not session.in_nested_transaction():  # a savepoint was released, which commits nothing
        for act in session.info.pop(_TODO, ()):
            act()


def _forget(session: Session, transaction: Any) -> None:
    session.info.pop(_TODO, None)
