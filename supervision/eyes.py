"""Lets code of the house look with the system's eyes for a moment, whoever's session it was given.

A rule that hides a case must not hide it from the rule itself: handing a case over takes it out of the sight
of the person who does so, in the middle of their own step.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy.orm import Session

from engine.store.visibility import SYSTEM, VIEWER, see_as

P = ParamSpec("P")
R = TypeVar("R")


@contextmanager
def system_eyes(session: Session) -> Iterator[None]:
    """Inside, the session sees every row; afterwards what it saw before."""
    before = session.info.get(VIEWER)
    see_as(session, SYSTEM)
    try:
        yield
    finally:
        if before is None:
            session.info.pop(VIEWER)
        else:
            see_as(session, before)


def with_system_eyes(function: Callable[Concatenate[Session, P], R]) -> Callable[Concatenate[Session, P], R]:
    """The same function, looking with the system's eyes; its first argument is the session."""

    @wraps(function)
    def looking(session: Session, /, *args: P.args, **kwargs: P.kwargs) -> R:
        with system_eyes(session):
            return function(session, *args, **kwargs)

    return looking
