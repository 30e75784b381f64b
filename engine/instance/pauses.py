"""The suspensions of deadlines, read from the events ``suspend`` (detail ``reason``) and ``resume``."""

from __future__ import annotations

from itertools import groupby

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.deadline.pause import Pause
from engine.deadline.shanghai import date_of
from engine.store.base import table_of
from engine.store.tables import Deadline, DeadlineEvent

_deadlines, _events = table_of(Deadline), table_of(DeadlineEvent)


def pauses_of_running(session: Session) -> dict[str, list[Pause]]:
    """Id of each running deadline that was suspended → its suspensions, all of them over."""
    rows = session.execute(
        select(_events.c.deadline_id, _events.c.kind, _events.c.at, _events.c.detail)
        .join_from(_events, _deadlines, _events.c.deadline_id == _deadlines.c.id)
        .where(_deadlines.c.status == "running", _events.c.kind.in_(("suspend", "resume")))
        .order_by(_events.c.deadline_id, _events.c.seq)
    )
    found: dict[str, list[Pause]] = {}
    for deadline_id, group in groupby(rows, key=lambda row: str(row.deadline_id)):
        events = list(group)
        found[deadline_id] = [
            Pause(date_of(begun.at), date_of(ended.at), str(begun.detail.get("reason", "")))
            for begun, ended in zip(events[::2], events[1::2], strict=True)
        ]
    return found
