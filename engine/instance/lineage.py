"""A period that goes on in another row: the next task under it takes over what befell it so far.

Several tasks may count the same period one after the other (研判、审批 of one CP-TRIAGE), each with a row of
its own. An extension or a suspension of the first is not lost on the second; and where the period was begun
anew in between (补正), the new row tells so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from engine.instance.course import KINDS, NOTHING_YET, Event, Told, moves_of, tell
from engine.store.base import table_of
from engine.store.prepared import Prepared
from engine.store.tables import Deadline, DeadlineEvent

_deadlines, _events = table_of(Deadline), table_of(DeadlineEvent)
_over = Prepared(
    select(
        _deadlines.c.id, _deadlines.c.start_on, _deadlines.c.started_at, _deadlines.c.rule_version,
        _events.c.detail, _deadlines.c.key, _deadlines.c.status,
    )
    .join_from(_deadlines, _events, (_events.c.deadline_id == _deadlines.c.id) & (_events.c.seq == 1))
    .where(_deadlines.c.instance_id == bindparam("of"))
)  # fmt: skip
ANEW = "anew"
"""Event of a row that is over: the period's next row begins on another day. Detail as of ``restart``."""


class _Over(NamedTuple):
    """A row that is over, with the detail of its first event."""

    id: str
    start_on: date
    started_at: datetime
    rule_version: str
    detail: Mapping[str, Any]
    key: str
    status: str


@dataclass(frozen=True)
class Lineage:
    """What a row takes over: events that are written again as its own, and what they tell.

    `rule_version` is that of the row before, None for a period that begins: rules that change meanwhile touch
    only what starts later.
    """

    events: Sequence[Event] = ()
    told: Told = NOTHING_YET
    rule_version: str | None = None


NONE = Lineage()


def lineage(session: Session, instance_id: str, key: str, within: str, start_on: date) -> Lineage:
    """What the period's latest row leaves to one that begins on `start_on`.

    `within` is the shard of its token: rows of other branches of a loop are periods of others.
    """
    before = _rows_over(session, instance_id, key, within)
    if not before:
        return NONE
    moves = moves_of(session, [row.id for row in before], (*KINDS, ANEW))
    # of several at one instant the one that knows most is the last
    last = max(before, key=lambda row: (row.started_at, len(moves.get(row.id, ()))))
    events = moves.get(last.id, [])
    if events and events[-1].kind == ANEW and events[-1].detail["start_on"] == start_on.isoformat():
        restarts = [event._replace(kind="restart") for event in events if event.kind in ("restart", ANEW)]
        return Lineage(restarts, tell(restarts))
    if last.start_on != start_on:
        return NONE
    same = [event for event in events if event.kind != ANEW]
    return Lineage(same, tell(same), last.rule_version)


def lineage_from(session: Session, leader: Deadline) -> Lineage:
    """What a timer takes over from the row of the task or block it follows."""
    events = moves_of(session, [leader.id]).get(leader.id, [])
    return Lineage(events, tell(events), leader.rule_version)


def latest_over(session: Session, instance_id: str, key: str) -> str | None:
    """Id of the period's latest row that is over, in whatever branch."""
    before = _rows_over(session, instance_id, key, None)
    moves = moves_of(session, [row.id for row in before], (*KINDS, ANEW))
    last = max(before, key=lambda row: (row.started_at, len(moves.get(row.id, ()))), default=None)
    return last.id if last else None


def _rows_over(session: Session, instance_id: str, key: str, within: str | None) -> Sequence[_Over]:
    rows = [_Over(*row) for row in _over.rows(session, of=instance_id)]
    return [
        row
        for row in rows
        if row.key == key
        and row.status in ("finished", "cancelled")
        and (within is None or row.detail.get("within", "") == within)
    ]
