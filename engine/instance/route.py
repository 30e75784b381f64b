"""Finds where a message goes: a token that waits for it, a process it starts, or the shelf.

Exactly one receiver gets a message. A token that waits for its name and correlation goes before a process
that it would start. Several waiting tokens of one instance: the one that began to wait first gets it. Several
instances, or several processes to start of which the catalogue names none, are `Ambiguous`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from engine.definition.starts import StartPoint, starts_of
from engine.errors import Ambiguous, NotFound
from engine.history.append import head
from engine.instance import kept
from engine.instance.commands import DeliverMessage
from engine.instance.follow import Awaited, Follow, Post, Signal, Start, Work
from engine.instance.signals import at_once, receivers
from engine.store.base import table_of
from engine.store.hold import hold
from engine.store.tables import Subscription

if TYPE_CHECKING:
    from engine.instance.context import Context, MessageType
    from engine.instance.step import Recorded, Step

_subscriptions = table_of(Subscription)


def follows(step: Step, recorded: Recorded) -> list[Follow]:
    """Messages and signals thrown in `step`, and what kept messages may now be for."""
    sent: list[Follow] = []
    for thrown in step.execution.thrown:
        if thrown.kind == "signal":
            sent.append(Signal(thrown.message, thrown.payload, step.instance.id, thrown.element_id))
        else:
            correlation = thrown.correlation or step.instance.business_key
            sent.append(
                Post(
                    thrown.message, correlation, thrown.payload, step.instance.id, thrown.element_id,
                    step.actor.login,
                )
            )  # fmt: skip
    awaited = [Awaited(name, correlation, step.instance.id) for name, correlation in recorded.subscribed]
    return sent + awaited


def settle(session: Session, context: Context, follow: Follow, now: datetime) -> Sequence[Start | Work]:
    """What a message or signal makes happen. A message without receiver is kept.

    Raises:
        NotFound: the message is not declared. Ambiguous: it has several receivers.
    """
    if isinstance(follow, Signal):
        return at_once(session, receivers(session, follow, now), now)
    hold(session, "message", follow.name, follow.correlation)
    if isinstance(follow, Awaited):
        return _from_shelf(session, follow, now)
    return _to_receiver(session, context, follow, now)


def _to_receiver(session: Session, context: Context, post: Post, now: datetime) -> Sequence[Start | Work]:
    declared = context.messages.get(post.name)
    if declared is None:
        raise NotFound(f"Expected a declared message, but {post.name!r} is not in messages.toml")
    if waiting := _waiting(session, post.name, post.correlation):
        count = len({row.instance_id for row in waiting})
        if count > 1:
            raise Ambiguous(_several_wait(post, count))
        return [_deliver(waiting[0], post)]
    if point := _process_to_start(session, declared, now):
        return [_start(session, point, post)]
    kept.keep(session, post, declared.keep_days, now)
    return []


def start_point(session: Session, context: Context, name: str, now: datetime) -> StartPoint:
    """Where a message begins a process.

    Raises:
        NotFound: it is not declared, or begins none. Ambiguous: it begins several.
    """
    declared = context.messages.get(name)
    if declared is None:
        raise NotFound(f"消息“{name}”没有在 messages.toml 中登记")
    point = _process_to_start(session, declared, now)
    if point is None:
        raise NotFound(f"消息“{name}”没有可启动的流程：请先发布以它开始的流程，再重试")
    return point


def _process_to_start(session: Session, declared: MessageType, now: datetime) -> StartPoint | None:
    points = starts_of(session, "message", declared.name, now)
    if len(points) > 1:
        points = [point for point in points if declared.receiver in (point.process_id, point.key)] or points
    if len(points) > 1:
        raise Ambiguous(_several_start(declared.name, points))
    return points[0] if points else None


def _start(session: Session, point: StartPoint, post: Post) -> Start:
    cause_head = head(session, post.sender_id) if post.sender_id else ""
    return Start(
        point.definition_id, point.process_id, post.data, point.element_id, post.correlation, post.sender_id,
        cause_head,
    )  # fmt: skip


def _from_shelf(session: Session, awaited: Awaited, now: datetime) -> Sequence[Work]:
    """A kept message goes to the instance that began to wait, if it still does."""
    waiting = _waiting(session, awaited.name, awaited.correlation)
    receiver = next((row for row in waiting if row.instance_id == awaited.instance_id), None)
    if receiver is None:
        return []
    post = kept.take(session, awaited.name, awaited.correlation, awaited.instance_id, now)
    return [_deliver(receiver, post)] if post else []


def _waiting(session: Session, name: str, correlation: str) -> Sequence[Row[Any, Any, Any]]:
    """(task id, shard, instance id), who began to wait first first."""
    return session.execute(
        select(_subscriptions.c.task_id, _subscriptions.c.shard, _subscriptions.c.instance_id)
        .where(
            _subscriptions.c.message == name,
            _subscriptions.c.correlation == correlation,
            _subscriptions.c.kind == "message",
        )
        .order_by(_subscriptions.c.created_at, _subscriptions.c.place)
    ).all()


def _deliver(receiver: Row[Any, Any, Any], post: Post) -> Work:
    command = DeliverMessage(receiver.task_id, receiver.shard, post.name, dict(post.data))
    return Work(receiver.instance_id, command, post)


def _several_wait(post: Post, count: int) -> str:
    return (
        f"消息“{post.name}”（对应“{post.correlation}”）有 {count} 个实例同时在等，而它只能交给一个："
        "请在流程图中发出和等待它的事件上写属性 correlation，使各实例的值不同"
    )


def _several_start(name: str, points: Sequence[StartPoint]) -> str:
    found = "、".join(f"{point.process_id}（{point.key}）" for point in points)
    return (
        f"消息“{name}”能启动几个流程：{found}，而它只能启动一个："
        "请在 messages.toml 中用 receiver 写明一个，或改用不同的消息，或改用信号"
    )
