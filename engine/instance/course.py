"""What befell deadlines, read from their events: pauses that are over, and the course their proof tells."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session

from engine.deadline.compute import Due, compute
from engine.deadline.course import UNEVENTFUL, Course, Extended, Restarted, Suspended
from engine.deadline.pause import Pause
from engine.deadline.rule import Rule
from engine.deadline.shanghai import date_of, day_in_words
from engine.instance.context import Context
from engine.instance.rules_then import rule_then
from engine.store.base import table_of
from engine.store.tables import Deadline, DeadlineEvent

_deadlines, _events = table_of(Deadline), table_of(DeadlineEvent)
KINDS = ("extend", "suspend", "resume", "restart")
"""Events that move a period, and that its next row takes over (`engine.instance.lineage`)."""


class Event(NamedTuple):
    """One thing that befell a deadline. `actor` is a login; `detail` has what its kind needs."""

    deadline_id: str
    kind: str
    at: datetime
    actor: str
    detail: Mapping[str, Any]


@dataclass(frozen=True)
class Told:
    """What `compute` is given besides rule and start."""

    pauses: tuple[Pause, ...] = ()
    course: Course = UNEVENTFUL

    @property
    def extended_by(self) -> int:
        """In the unit of the rule's extension."""
        return sum(extended.days for extended in self.course.extensions)


NOTHING_YET = Told()


def told_of(session: Session, deadline_id: str) -> Told:
    """What befell one deadline."""
    return tell(moves_of(session, [deadline_id]).get(deadline_id, ()))


def told_of_running(session: Session) -> dict[str, Told]:
    """Id of each running deadline that was ever moved → what befell it."""
    rows = session.execute(
        _moves()
        .join_from(_events, _deadlines, _events.c.deadline_id == _deadlines.c.id)
        .where(_deadlines.c.status == "running")
    )
    return {deadline_id: tell(events) for deadline_id, events in _by_deadline(rows).items()}


def moves_of(
    session: Session, deadline_ids: Iterable[str], kinds: Sequence[str] = KINDS
) -> dict[str, list[Event]]:
    """Id → the events that moved it, in order."""
    rows = session.execute(_moves(kinds).where(_events.c.deadline_id.in_(list(deadline_ids))))
    return _by_deadline(rows)


def counted(session: Session, context: Context, row: Deadline) -> Due:
    """A row counted again with all that befell it, by the rules of then, on today's calendar; `.proof` tells.

    Raises:
        NotFound: its rules are no longer on file. InvalidData: it began before the first year.
    """
    return count(context, session, rule_then(session, context, row), row, told_of(session, row.id))


def count(context: Context, session: Session, rule: Rule, row: Deadline, told: Told) -> Due:
    """The same where rule and course are known."""
    return compute(
        rule, context.calendar(session), row.start_on,
        extended_by=row.extended_by, pauses=told.pauses, course=told.course,
    )  # fmt: skip


def suspended_in_words(name: str, lasts: Suspended) -> str:
    """``“办理”的期限自 2026-03-04（周三）起中止（第三方意见）``, to begin a sentence with."""
    return f"“{name}”的期限自 {day_in_words(lasts.since)}起中止（{lasts.reason}）"


def tell(events: Sequence[Event]) -> Told:
    """A restart lets go of the extensions and pauses before it."""
    extensions: list[Extended] = []
    restarts: list[Restarted] = []
    pauses: list[Pause] = []
    lasts: Suspended | None = None
    for event in events:
        on, by, detail = date_of(event.at), event.detail.get("by", event.actor), event.detail
        if event.kind == "extend":
            extensions.append(Extended(on, detail["days"], detail.get("reason", ""), by))
        elif event.kind == "suspend":
            lasts = Suspended(_day(detail, "on"), detail["reason"], detail["clause"], by)
        elif event.kind == "resume" and lasts:
            ends_on = _day(detail, "on")
            pauses.append(Pause(lasts.since, ends_on, lasts.reason, lasts.clause, lasts.by, by))
            lasts = None
        elif event.kind == "restart":
            extensions, pauses, lasts = [], [], None
            was, was_due = _day(detail, "was_start_on"), _day(detail, "was_due_on")
            why = (detail["reason"], detail["clause"], by)
            restarts.append(Restarted(on, was, was_due, _day(detail, "start_on"), *why))
    return Told(tuple(pauses), Course(tuple(extensions), tuple(restarts), lasts))


def _day(detail: Mapping[str, Any], name: str) -> date:
    return date.fromisoformat(detail[name])


def _moves(kinds: Sequence[str] = KINDS) -> Select[Any]:
    return (
        select(_events.c.deadline_id, _events.c.kind, _events.c.at, _events.c.actor, _events.c.detail)
        .where(_events.c.kind.in_(kinds))
        .order_by(_events.c.deadline_id, _events.c.seq)
    )


def _by_deadline(rows: Iterable[Row[Any]]) -> dict[str, list[Event]]:
    events = (Event._make(row) for row in rows)
    return {key: list(group) for key, group in groupby(events, key=lambda event: event.deadline_id)}
