"""The one pen: writes everything a step did, in the step's transaction.

State, tasks, timers, subscriptions, deadlines and history of an instance are written here and nowhere else.
What changed is the difference between the snapshot before the step and the one after it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, delete, update

from engine.errors import StaleRevision
from engine.instance import deadlines, state
from engine.instance.commands import CompleteTask
from engine.instance.journal import write_history
from engine.instance.snapshot import Snapshot
from engine.instance.step import Recorded, Step
from engine.instance.task_rows import write_tasks
from engine.instance.timer_rows import write_timers
from engine.store.base import table_of
from engine.store.prepared import Prepared
from engine.store.tables import Instance, Subscription

_instances, _subscriptions = table_of(Instance), table_of(Subscription)
_as_loaded = (_instances.c.id == bindparam("of"), _instances.c.revision == bindparam("was"))
_move = Prepared(update(_instances).where(*_as_loaded).values(revision=bindparam("revision")))
_end = Prepared(
    update(_instances)
    .where(*_as_loaded)
    .values({name: bindparam(name) for name in ("revision", "status", "ended_at", "ended_with")})
)
_add_subscription = Prepared.insert(_subscriptions)
_unsubscribe = Prepared(
    delete(_subscriptions).where(
        _subscriptions.c.task_id == bindparam("of"), _subscriptions.c.message == bindparam("to")
    )
)


def record(step: Step, after: Snapshot) -> Recorded:
    """Writes the step; raises StaleRevision when somebody else moved the instance meanwhile."""
    changed, gone = step.execution.dump()
    parents = {**step.shards.parents, **step.execution.parents}
    state.save(step.session, step.instance.id, step.shards, changed, gone, parents)
    _deadlines_of_scopes(step)
    opened = write_tasks(step, after, gone, parents)
    write_timers(step, after, gone)
    subscribed = _subscriptions_of(step, after, gone)
    status = step.execution.status
    _instance_row(step, status)
    write_history(step, opened, status)
    shards = step.shards.after(changed, gone, parents)
    return Recorded(opened, subscribed, status, shards)


def _instance_row(step: Step, status: str) -> None:
    instance = step.instance
    at = {"of": instance.id, "was": instance.revision, "revision": instance.revision + 1}
    if status == "active":
        moved = _move.change(step.session, **at)
    else:
        ended_with = ",".join(step.execution.ended_at)
        moved = _end.change(step.session, **at, status=status, ended_at=step.now, ended_with=ended_with)
    if moved != 1:
        raise StaleRevision(f"Expected instance {instance.id} at revision {instance.revision}")


def _subscriptions_of(step: Step, after: Snapshot, gone: Sequence[str]) -> list[tuple[str, str]]:
    for key, waiting in step.before.messages.items():
        if key not in after.messages:
            _unsubscribe.send(step.session, of=waiting.task_id, to=waiting.message)
    if hidden := [shard for shard in gone if shard not in step.execution.loaded_shards]:
        step.session.execute(
            delete(_subscriptions).where(
                _subscriptions.c.instance_id == step.instance.id, _subscriptions.c.shard.in_(hidden)
            )
        )
    fresh: list[dict[str, Any]] = [
        {
            "task_id": waiting.task_id,
            "instance_id": step.instance.id,
            "shard": waiting.shard,
            "element_id": waiting.element_id,
            "message": waiting.message,
            "kind": waiting.kind,
            "place": place,
            "correlation": (
                "" if waiting.kind == "signal" else waiting.correlation or step.instance.business_key
            ),
            "created_at": step.now,
        }
        for place, (key, waiting) in enumerate(after.messages.items())
        if key not in step.before.messages
    ]
    _add_subscription.many(step.session, fresh)
    return [(row["message"], row["correlation"]) for row in fresh if row["kind"] == "message"]


def _deadlines_of_scopes(step: Step) -> None:
    if not step.execution.program.has_deadlines:
        return
    for scope in step.execution.entered_scopes:
        token = scope.task_id or step.instance.id
        deadlines.begin(
            step.session, step.context, step.instance.id, scope.node, token, scope.data,
            within=step.execution.parents.get(token, ""), unit_code=None, actor=step.actor, now=step.now,
        )  # fmt: skip
    for status in ("finished", "cancelled"):
        left = [
            scope.task_id or step.instance.id
            for scope in step.execution.left_scopes
            if scope.cancelled == (status == "cancelled")
        ]
        deadlines.end(
            step.session, step.context, left, status, actor=step.actor, now=step.now,
            by_hand=isinstance(step.command, CompleteTask) and step.actor.kind != "system",
        )  # fmt: skip
