"""One row that one transaction holds at a time, made when it is not there yet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from engine.store.base import Base

R = TypeVar("R", bound=Base)


def locked_row(session: Session, table: type[R], key: Mapping[str, Any], fresh: Mapping[str, Any]) -> R:
    """The row with that primary key, locked until the transaction ends; a missing one begins with `fresh`.

    Where two transactions find it missing, the later one waits and takes what the first made.
    """
    identity = tuple(key.values())
    row = session.get(table, identity, with_for_update=True, populate_existing=True)
    if row is not None:
        return row
    savepoint = session.begin_nested()
    try:
        made = table(**key, **fresh)
        session.add(made)
        session.flush()
    except IntegrityError:
        savepoint.rollback()
        return session.get_one(table, identity, with_for_update=True, populate_existing=True)
    savepoint.commit()
    return made
