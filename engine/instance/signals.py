"""Who a signal is for: every token in every other instance that waits for it, and every process it starts.

A signal is never kept. Up to `AT_ONCE` receivers are reached in the transaction of who threw it; more of them
get one job each, written in that transaction, so that each moves in its own and none can stop the others.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.actor import SYSTEM_ACTOR
from engine.definition.starts import starts_of
from engine.history.append import head
from engine.instance.commands import DeliverSignal
from engine.instance.follow import Signal, Start, Work
from engine.instance.stored import dumped
from engine.store.base import table_of
from engine.store.jobs import put_job
from engine.store.tables import Subscription

AT_ONCE = 20
_subscriptions = table_of(Subscription)


def receivers(session: Session, signal: Signal, now: datetime) -> list[Start | Work]:
    """All of them at this moment."""
    return [*_waiting(session, signal), *_starting(session, signal, now)]


def at_once(session: Session, found: Sequence[Start | Work], now: datetime) -> Sequence[Start | Work]:
    """What is to be done in this transaction; when it is too much, jobs are written and nothing is left."""
    if len(found) <= AT_ONCE:
        return found
    for each in found:
        act, instance_id = (each.command, each.instance_id) if isinstance(each, Work) else (each, None)
        payload = {"act": dumped(act, SYSTEM_ACTOR)}
        put_job(session, f"signal:{uuid.uuid4().hex}", "act", payload, now, now, instance_id)
    return []


def _waiting(session: Session, signal: Signal) -> list[Work]:
    """One command per instance and shard, in the order in which they began to wait."""
    rows = session.execute(
        select(_subscriptions.c.instance_id, _subscriptions.c.shard, _subscriptions.c.task_id)
        .where(
            _subscriptions.c.message == signal.name,
            _subscriptions.c.kind == "signal",
            _subscriptions.c.instance_id != (signal.sender_id or ""),
        )
        .order_by(
            _subscriptions.c.instance_id,
            _subscriptions.c.shard,
            _subscriptions.c.created_at,
            _subscriptions.c.place,
        )
    ).all()
    return [
        Work(instance_id, DeliverSignal([row.task_id for row in some], shard, signal.name, dict(signal.data)))
        for (instance_id, shard), some in groupby(rows, key=lambda row: (row.instance_id, row.shard))
    ]


def _starting(session: Session, signal: Signal, now: datetime) -> list[Start]:
    points = starts_of(session, "signal", signal.name, now)
    cause_head = head(session, signal.sender_id) if points and signal.sender_id else ""
    return [
        Start(
            point.definition_id, point.process_id, signal.data, point.element_id,
            cause_id=signal.sender_id, cause_head=cause_head,
        )
        for point in points
    ]  # fmt: skip
