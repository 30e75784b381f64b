"""办理过程: the history of a case in the words of the people who read it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.store.tables import HistoryEntry, Task
from forms.chinese import name_of

SAID = {
    "instance.started": "启动", "instance.completed": "流程结束", "instance.terminated": "流程终止",
    "task.opened": "到达", "task.completed": "办理完成", "task.claimed": "签收", "task.unclaimed": "退签",
    "service.completed": "系统处理", "timer.fired": "期满，自动推进", "element.cancelled": "随流程取消",
    "message.received": "收到消息", "deadline.extended": "延长期限", "deadline.recomputed": "重算期限",
    "deadline.suspended": "中止计时", "deadline.resumed": "恢复计时", "deadline.restarted": "期限重新起算",
    "card.issued": "亮牌", "card.withdrawn": "撤销亮牌", "fan_out.added": "补发",
    "incident.opened": "出现异常", "incident.resolved": "异常已处理",
    "incident.retried": "异常重试", "incident.variable_set": "更正数据", "incident.moved": "改道",
    "incident.instance_cancelled": "取消流程", "signal.received": "收到信号",
    "identity.revealed": "查看投诉人身份",
}  # fmt: skip
"""Kinds that are shown; the rest (gateways, links between entries) says nothing to a reader."""

HIDDEN = ("task.opened", "element.cancelled")
"""Shown only in the full record."""
TONES = {
    "task.completed": "done", "instance.completed": "done", "incident.opened": "bad",
    "incident.instance_cancelled": "bad", "incident.moved": "warn", "timer.fired": "warn",
    "deadline.extended": "warn", "deadline.recomputed": "warn",
    "deadline.suspended": "warn", "deadline.resumed": "warn", "deadline.restarted": "warn",
    "card.issued": "bad", "card.withdrawn": "warn", "identity.revealed": "warn",
}  # fmt: skip


@dataclass(frozen=True)
class Happened:
    """One line. `seq` names the entry in the chain."""

    seq: int
    at: datetime
    what: str
    name: str
    who: str
    kind: str
    tone: str
    task_id: str


def timeline(session: Session, instance_id: str, labels: Mapping[str, str]) -> list[Happened]:
    """Newest first. `labels` gives the Chinese word for a message's name."""
    entries = session.scalars(
        select(HistoryEntry)
        .where(HistoryEntry.chain == instance_id, HistoryEntry.kind.in_(set(SAID) - set(HIDDEN)))
        .order_by(HistoryEntry.seq.desc())
    )
    names: dict[str, str] = {}
    return list(_lines(session, entries, labels, names))


def _lines(
    session: Session, entries: Iterator[HistoryEntry], labels: Mapping[str, str], names: dict[str, str]
) -> Iterator[Happened]:
    for entry in entries:
        if entry.actor not in names:
            names[entry.actor] = name_of(session, entry.actor)
        name = labels.get(entry.name, entry.name) if entry.kind == "message.received" else entry.name
        if entry.kind.startswith("instance.") and entry.kind != "instance.started":
            name = ""
        yield Happened(
            entry.seq, entry.at, SAID[entry.kind], name, names[entry.actor], entry.kind,
            TONES.get(entry.kind, ""), entry.task_id,
        )  # fmt: skip


def open_steps(session: Session, instance_id: str) -> list[Task]:
    """What waits for somebody now, the oldest first."""
    query = select(Task).where(Task.instance_id == instance_id, Task.status == "open")
    return list(session.scalars(query.order_by(Task.created_at, Task.id)))
