"""可见范围: one hook that lets a session read only what its viewer may see, and fails closed.

Every select of an entity that belongs to an instance is narrowed to instances that share a scope with the
viewer (table `instance_scope`). A session without a viewer reads nothing at all: forgetting is an error, not
a leak. Raw SQL does not pass through the hook and is therefore banned outside `engine/store` (a test looks).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from sqlalchemy import ColumnElement, event, select, true
from sqlalchemy.orm import LoaderCriteriaOption, ORMExecuteState, Session, sessionmaker
from sqlalchemy.sql.cache_key import anon_map

from engine.errors import NotAllowed
from engine.store.tables import (
    Attachment,
    Deadline,
    FanOut,
    FanOutMember,
    HistoryEntry,
    HistoryPayload,
    Instance,
    InstanceScope,
    Subscription,
    Task,
)

VIEWER = "viewer"


@dataclass(frozen=True)
class Viewer:
    """Whose eyes a session has: all, or the scopes named."""

    scopes: frozenset[str] = frozenset()
    everything: bool = False


SYSTEM = Viewer(everything=True)
"""The engine, the scheduler and the command line see every row; pages never use it for reading."""

_OWNED: list[tuple[type[Any], str]] = [
    (Instance, "id"),
    (Task, "instance_id"),
    (Deadline, "instance_id"),
    (Attachment, "instance_id"),
    (Subscription, "instance_id"),
    (FanOut, "instance_id"),
    (FanOutMember, "parent_id"),
    (HistoryEntry, "chain"),
    (HistoryPayload, "chain"),
]


def owned_by_instance(entity: type[Any], column: str) -> None:
    """Puts a table under the hook; `column` holds the id of the instance its rows belong to."""
    if (entity, column) not in _OWNED:
        _OWNED.append((entity, column))


def see_as(session: Session, viewer: Viewer) -> Session:
    """Gives the session its eyes and returns it."""
    session.info[VIEWER] = viewer
    return session


def viewer_of(session: Session) -> Viewer:
    """Raises NotAllowed when nobody said who is looking."""
    viewer = session.info.get(VIEWER)
    if not isinstance(viewer, Viewer):
        raise NotAllowed("Expected the session to have a viewer, but see_as() was not called.")
    return viewer


def visible(column: Any, viewer: Viewer) -> ColumnElement[bool]:
    """The condition by itself, for counts and exports that build their own statements."""
    if viewer.everything:
        return true()
    return column.in_(select(InstanceScope.instance_id).where(InstanceScope.scope.in_(sorted(viewer.scopes))))


def install(sessions: sessionmaker[Session]) -> None:
    """Narrows every select of the factory's sessions."""
    event.listen(sessions, "do_orm_execute", _narrow)


def _narrow(state: ORMExecuteState) -> None:
    if not state.is_select or state.is_column_load or state.is_relationship_load:
        return
    viewer = viewer_of(state.session)
    if not viewer.everything:
        state.statement = state.statement.options(*_criteria(viewer, len(_OWNED)))


class _Narrowing(LoaderCriteriaOption):
    """with_loader_criteria() for one table, with its part of a statement's cache key made once.

    The library walks the criteria of all tables anew for every select, which took a fifth of a page's time.
    The part is the same for every viewer; only its parameters differ, in the same order.
    """

    def __init__(self, entity: type[Any], condition: ColumnElement[bool]) -> None:
        super().__init__(entity, condition, include_aliases=True)
        self._same = LoaderCriteriaOption(entity, condition, include_aliases=True)

    def _gen_cache_key(self, anon_map: Any, bindparams: list[Any]) -> Any:
        key, parameters = self._part
        bindparams.extend(parameters)
        return key

    @cached_property
    def _part(self) -> tuple[Any, list[Any]]:
        parameters: list[Any] = []
        return self._same._gen_cache_key(anon_map(), parameters), parameters


@lru_cache(maxsize=1024)
def _criteria(viewer: Viewer, owned: int) -> tuple[_Narrowing, ...]:
    """Made once per viewer, for a page runs some thirty selects; `owned` tells when a table was added."""
    return tuple(
        _Narrowing(entity, visible(getattr(entity, column), viewer)) for entity, column in _OWNED[:owned]
    )
