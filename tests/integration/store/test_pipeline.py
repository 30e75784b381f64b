"""What is sent ahead is done in order, is answered before anything else, and its errors are not lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import bindparam, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, sessionmaker

from engine.store.base import table_of
from engine.store.prepared import Prepared
from engine.store.tables import Lease
from engine.store.visibility import SYSTEM, see_as

T0 = datetime(2026, 3, 2, 1, tzinfo=UTC)
_leases = table_of(Lease)
_add = Prepared.insert(_leases)
_own = Prepared(update(_leases).where(_leases.c.name == bindparam("of")).values(owner=bindparam("owner")))
_owner = Prepared(select(_leases.c.owner).where(_leases.c.name == bindparam("of")))


def row(name: str) -> dict[str, Any]:
    return {"name": name, "owner": "甲", "until": T0}


def opened(sessions: sessionmaker[Session]) -> Session:
    return see_as(sessions(), SYSTEM)


def names(sessions: sessionmaker[Session]) -> list[str]:
    with opened(sessions) as session:
        return sorted(session.scalars(select(_leases.c.name)))


def test_statements_see_what_was_sent_before_them(sessions: sessionmaker[Session]) -> None:
    with opened(sessions) as session:
        _add.send(session, **row("a"))
        _own.send(session, of="a", owner="乙")
        assert _owner.row(session, of="a") == ("乙",)
        _add.many(session, [row("b"), row("c")])
        assert _own.change(session, of="b", owner="丙") == 1
        assert _own.change(session, of="nobody", owner="丙") == 0
        _add.send(session, **row("d"))
        assert session.scalar(select(_leases.c.owner).where(_leases.c.name == "d")) == "甲"
        session.add(Lease(**row("e")))
        _add.send(session, **row("f"))
        session.commit()
    assert names(sessions) == ["a", "b", "c", "d", "e", "f"]


NEXT: dict[str, Callable[[Session], object]] = {
    "commit": lambda session: session.commit(),
    "read": lambda session: _owner.row(session, of="a"),
    "change": lambda session: _own.change(session, of="a", owner="乙"),
    "orm": lambda session: session.scalars(select(_leases.c.name)).all(),
}


@pytest.mark.parametrize("word", NEXT)
def test_an_error_of_what_was_sent_comes_out_at_the_next_word(
    word: str, sessions: sessionmaker[Session]
) -> None:
    def twice(session: Session) -> None:
        _add.send(session, **row("a"))
        _add.send(session, **row("a"))
        NEXT[word](session)

    with opened(sessions) as session, pytest.raises(IntegrityError):
        twice(session)
    # and the connection is as good as new
    assert names(sessions) == []


def test_what_was_sent_is_rolled_back_with_the_rest(sessions: sessionmaker[Session]) -> None:
    with opened(sessions) as session:
        _add.send(session, **row("a"))
        session.rollback()
        with session.begin_nested() as savepoint:
            _add.send(session, **row("b"))
            savepoint.rollback()
        _add.send(session, **row("c"))
        session.commit()
    with opened(sessions) as session:
        _add.send(session, **row("d"))
    assert names(sessions) == ["c"]
