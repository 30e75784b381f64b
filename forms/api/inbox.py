"""待办, first page first: the most urgent tasks a person may do, whatever else is open in the district.

Tasks the person has claimed are few and are sorted. So are those on offer, as long as they are few; where
they are many, the open tasks are walked in the order of their deadlines until the page is full. The index
of open tasks holds them in that order, those without a deadline apart, for they come last.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, func, or_, select, tuple_, union
from sqlalchemy.orm import Session

from engine.actor import Actor
from engine.store.base import table_of
from engine.store.prepared import Prepared
from engine.store.tables import Instance, InstanceScope, Task, TaskCandidate
from engine.store.tables.task import OPEN
from engine.store.visibility import Viewer

FEW = 100
"""Tasks on offer that are sorted rather than walked to."""
FAR = datetime(9999, 1, 1, tzinfo=UTC)
COLUMNS = (
    "id", "instance_id", "process_id", "element_id", "name", "form", "assignee", "unit_code", "priority",
    "status", "created_at", "due_on", "due_at",
)  # fmt: skip
LINE = (*COLUMNS, "title", "business_key")
Roles = frozenset[tuple[str, str]]

_tasks, _instances = table_of(Task), table_of(Instance)
_candidates, _scopes = table_of(TaskCandidate), table_of(InstanceScope)


@dataclass(frozen=True)
class Place:
    """Where a page ended: `due_at` is None among the tasks without a deadline."""

    due_at: datetime | None = None
    task_id: str = ""

    @classmethod
    def of(cls, line: dict[str, Any]) -> Place:
        """Of a line of the inbox."""
        return cls(line["due_at"], line["id"])

    @property
    def order(self) -> tuple[datetime, str]:
        """For sorting."""
        return self.due_at or FAR, self.task_id


def inbox(
    session: Session,
    actor: Actor,
    viewer: Viewer,
    *,
    after: Place | None,
    limit: int,
    instance_id: str = "",
) -> list[dict[str, Any]]:
    """Up to `limit` open tasks behind `after`, as dicts of LINE. With `instance_id` only those of one."""
    looks = _looks(actor.roles, viewer.scopes)
    asked = {"login": actor.login, "most": limit}
    if instance_id:
        lines = list(_lines(looks.of_one.rows(session, login=actor.login, of=instance_id)))
    elif looks.has_few.rows(session, login=actor.login)[0][0] <= FEW:
        lines = list(_lines(looks.few.rows(session, login=actor.login)))
    else:
        lines = [
            *_lines(looks.claimed.rows(session, login=actor.login)),
            *_walk(session, looks, asked, after, limit),
        ]
    lines.sort(key=lambda line: Place.of(line).order)
    return [line for line in lines if after is None or Place.of(line).order > after.order][:limit]


def _walk(
    session: Session, looks: _Looks, asked: dict[str, Any], after: Place | None, limit: int
) -> Iterator[dict[str, Any]]:
    found = 0
    if after is None or after.due_at is not None:
        behind = after or Place(datetime(1, 1, 2, tzinfo=UTC))
        for line in _lines(looks.dated.rows(session, **asked, due_at=behind.due_at, id=behind.task_id)):
            found += 1
            yield line
    if found < limit:
        first = after.task_id if after and after.due_at is None else ""
        yield from _lines(looks.undated.rows(session, **asked, id=first))


@dataclass(frozen=True)
class _Looks:
    """The statements for people with the same roles."""

    has_few: Prepared
    """How many tasks are on offer or were once, at most one more than FEW."""
    few: Prepared
    claimed: Prepared
    dated: Prepared
    undated: Prepared
    of_one: Prepared


@lru_cache(maxsize=512)
def _looks(roles: Roles, scopes: frozenset[str]) -> _Looks:
    offered = _offered(roles)
    mine = _tasks.c.assignee == bindparam("login")
    free = and_(_tasks.c.assignee.is_(None), exists().where(_candidates.c.task_id == _tasks.c.id, offered))
    # a plain value, not OPEN: the index of open tasks by deadline would be walked from end to end
    pick = _select(scopes).where(_tasks.c.status == "open")
    walk = _select(scopes).where(_tasks.c.status == OPEN, free).limit(bindparam("most"))
    some = select(_candidates.c.task_id).where(offered).limit(FEW + 1).subquery()
    any_of_mine = _tasks.c.id.in_(
        union(select(_tasks.c.id).where(mine), select(_candidates.c.task_id).where(offered))
        .subquery()
        .select()
    )
    here = (_tasks.c.due_at, _tasks.c.id)
    return _Looks(
        has_few=Prepared(select(func.count()).select_from(some)),
        few=Prepared(pick.where(any_of_mine, or_(mine, _tasks.c.assignee.is_(None)))),
        claimed=Prepared(pick.where(mine)),
        dated=Prepared(
            walk.where(tuple_(*here) > tuple_(bindparam("due_at"), bindparam("id"))).order_by(*here)
        ),
        undated=Prepared(
            walk.where(_tasks.c.due_at.is_(None), _tasks.c.id > bindparam("id")).order_by(_tasks.c.id)
        ),
        of_one=Prepared(pick.where(_tasks.c.instance_id == bindparam("of"), or_(mine, free))),
    )


def _select(scopes: frozenset[str]) -> Select[Any]:
    """可见范围 is looked up task by task: a page needs twenty, not the list of all visible cases."""
    seen = or_(False, *(_scopes.c.scope == scope for scope in sorted(scopes)))
    return (
        select(*(_tasks.c[name] for name in COLUMNS), _instances.c.title, _instances.c.business_key)
        .select_from(_tasks)
        .join(_instances, _instances.c.id == _tasks.c.instance_id)
        .where(exists().where(_scopes.c.instance_id == _tasks.c.instance_id, seen))
    )


def _offered(roles: Roles) -> ColumnElement[bool]:
    """The rule of `engine.task.candidate_condition`, on the table."""
    c = _candidates.c
    held = [
        and_(
            c.kind == "role",
            c.value == role,
            *([or_(c.unit_code == "", c.unit_code == unit)] if unit else []),
        )
        for role, unit in sorted(roles)
    ]
    return or_(and_(c.kind == "user", c.value == bindparam("login")), *held)


def _lines(rows: Sequence[tuple[Any, ...]]) -> Iterator[dict[str, Any]]:
    return (dict(zip(LINE, row, strict=True)) for row in rows)
