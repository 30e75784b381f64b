"""Writes the jobs of timers that a step armed or ended, and the deadlines of those that a rule ends."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from sqlalchemy import bindparam, select, update

from engine.instance import deadlines
from engine.instance.commands import FireTimer, Rearm
from engine.instance.follow import Work
from engine.instance.snapshot import Snapshot
from engine.instance.state import Shards
from engine.instance.step import Step
from engine.store.base import table_of
from engine.store.prepared import Prepared
from engine.store.tables import Job
from engine.store.tables.job import READY

_jobs = table_of(Job)
_add_job = Prepared.insert(_jobs)
_end_timer = Prepared(
    update(_jobs)
    .where(_jobs.c.key == bindparam("of"), _jobs.c.status == "ready")
    .values(status=bindparam("status"), done_at=bindparam("done_at"))
)
_wake = Prepared(
    update(_jobs)
    .where(_jobs.c.key == bindparam("of"), _jobs.c.status == "cancelled")
    .values(status="ready", attempts=0, lease_owner=None, lease_until=None, done_at=None)
)


def write_timers(step: Step, after: Snapshot, gone: Sequence[str]) -> None:
    """A timer that moved has another key: its job is new, and its deadline the same.

    One that moves back to an instant it had before (a second suspension, a notice withdrawn) finds its job of
    then.
    """
    status = "done" if isinstance(step.command, FireTimer) else "cancelled"
    for key in step.before.timers:
        if key not in after.timers:
            _end_timer.send(step.session, of=key, status=status, done_at=step.now)
    hidden = _cancel_hidden(step, gone)
    fresh = [
        {
            "id": uuid.uuid4().hex,
            "key": key,
            "kind": "timer",
            "queue": "engine",
            "instance_id": step.instance.id,
            "payload": {"task_id": timer.task_id, "shard": timer.shard, "element_id": timer.element_id},
            "due_at": timer.due_at,
            "status": "ready",
            "created_at": step.now,
        }
        for key, timer in after.timers.items()
        if key not in step.before.timers and not _woken(step, key)
    ]
    _add_job.many(step.session, fresh)
    _write_deadlines(step, after, hidden)


def _woken(step: Step, key: str) -> bool:
    return isinstance(step.command, Rearm) and bool(_wake.change(step.session, of=key))


def _cancel_hidden(step: Step, gone: Sequence[str]) -> list[str]:
    """Tokens of timers in shards that went without having been decoded."""
    hidden = [shard for shard in gone if shard not in step.execution.loaded_shards]
    if not hidden:
        return []
    waiting = step.session.execute(
        select(_jobs.c.id, _jobs.c.payload).where(
            _jobs.c.instance_id == step.instance.id, _jobs.c.kind == "timer", _jobs.c.status == READY
        )
    ).all()
    lost = [row for row in waiting if row.payload["shard"] in hidden]
    ids = [row.id for row in lost]
    step.session.execute(update(_jobs).where(_jobs.c.id.in_(ids)).values(status="cancelled"))
    return [row.payload["task_id"] for row in lost]


def _write_deadlines(step: Step, after: Snapshot, hidden: Sequence[str]) -> None:
    """What ended because its time had come is finished; what something else overtook is cancelled."""
    was = {timer.task_id for timer in step.before.timers.values() if timer.rule}
    now = {timer.task_id: timer for timer in after.timers.values() if timer.rule}
    fired = {step.command.task_id} if isinstance(step.command, FireTimer) else set()
    ended = was - now.keys()
    deadlines.end(
        step.session, step.context, ended & fired, "finished", actor=step.actor, now=step.now
    )  # fmt: skip
    overtaken = [*sorted(ended - fired), *hidden]
    deadlines.end(step.session, step.context, overtaken, "cancelled", actor=step.actor, now=step.now)
    nesting = Shards({}, {**step.shards.parents, **step.execution.parents})
    for task_id in now.keys() - was:
        timer = now[task_id]
        due_at = deadlines.begin_timer(
            step.session, step.context, step.instance.id, timer, nesting.chain(timer.shard),
            actor=step.actor, now=step.now,
        )  # fmt: skip
        if due_at:
            step.after.append(Work(step.instance.id, Rearm(task_id, timer.shard, due_at)))
