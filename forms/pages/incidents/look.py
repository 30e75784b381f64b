"""One incident in the words of whoever repairs it: where, what, what was being done, and what may be done."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import select
from sqlalchemy.orm import Session

import engine.incident
from engine.bpmn.moves import Move
from engine.bpmn.program import Node
from engine.definition import definition
from engine.instance import Context, progress
from engine.instance.commands import (
    Begin,
    CompleteTask,
    DeliverMessage,
    DeliverSignal,
    FireTimer,
    ServeTask,
)
from engine.instance.follow import Post
from engine.store.tables import Definition, Incident, Instance, Job, Task
from forms.chinese import name_of
from supervision.notice.channels import channels, label_of

LONGEST = 400
"""Characters of a value that a page shows; the rest is left out."""
DOING = {
    Begin: "启动流程",
    CompleteTask: "办理“{task}”",
    FireTimer: "定时事件到时",
    DeliverMessage: "收到消息",
    DeliverSignal: "收到信号",
    ServeTask: "执行服务任务",
    Post: "发出消息",
}
HOW = {
    "retried": "已重试",
    "moved": "已移动令牌",
    "cancelled": "已取消流程",
    "closed": "已关闭",
    "": "已关闭",
}


@dataclass(frozen=True)
class Line:
    """One incident in the list."""

    incident: Incident
    place: str
    process: str
    doing: str


@dataclass(frozen=True)
class Variable:
    """A variable at the point of failure, as JSON text."""

    name: str
    text: str


@dataclass(frozen=True)
class Look:
    """One incident on its page."""

    line: Line
    version: Definition | None
    status: str
    variables: Sequence[Variable]
    moves: Sequence[Move]
    overtaken: Task | None
    can_retry: bool
    can_edit: bool
    can_cancel: bool
    resolver: str
    how: str
    state_json: str


def lines(session: Session, context: Context, incidents: Sequence[Incident]) -> list[Line]:
    """Needs eyes that see the instances."""
    return [_line(session, context, incident) for incident in incidents]


def look(session: Session, context: Context, incident: Incident, now: datetime) -> Look:
    """Needs eyes that see the instance."""
    instance = _instance(session, incident)
    going = instance is not None and instance.status == "active" and incident.status == "open"
    overtaken = engine.incident.overtaken(session, incident)
    job = session.get(Job, incident.job_id) if incident.job_id else None
    return Look(
        line=_line(session, context, incident),
        version=definition(session, instance.definition_id) if instance else None,
        status=instance.status if instance else "",
        variables=[Variable(name, _short(value)) for name, value in sorted(incident.data.items())],
        moves=engine.incident.possible_moves(session, context, incident, now) if going else [],
        overtaken=overtaken,
        can_retry=incident.status == "open" and not overtaken and bool(incident.command or job),
        can_edit=going and bool(incident.command),
        can_cancel=going,
        resolver=name_of(session, incident.resolved_by) if incident.resolved_by else "",
        how=HOW.get(incident.resolution, "已关闭"),
        state_json=_state(session, incident),
    )


def _line(session: Session, context: Context, incident: Incident) -> Line:
    node, instance = _node(session, context, incident), _instance(session, incident)
    place = (node.name if node else "") or incident.element_id or "后台任务"
    process = definition(session, instance.definition_id).name if instance else ""
    return Line(incident, place, process, _doing(session, incident))


def _doing(session: Session, incident: Incident) -> str:
    act = engine.incident.act_of(incident)
    if act is None:
        return _job_doing(str(incident.data.get("kind"))) if incident.job_id else ""
    task = session.get(Task, incident.task_id) if incident.task_id else None
    return DOING.get(type(act), "").format(task=task.name if task else "")


def _job_doing(kind: str) -> str:
    """A job's kind is that of the channel it sends through, or one of the system's own."""
    return f"发送{label_of(kind)}" if kind in channels() else "执行后台任务"


def _node(session: Session, context: Context, incident: Incident) -> Node | None:
    """The element that failed, wherever in the bundle."""
    instance = _instance(session, incident)
    if instance is None:
        return None
    program = context.programs.get(session, instance.definition_id)
    own = program.processes[instance.process_id].nodes
    everywhere = [own, *(process.nodes for process in program.processes.values())]
    return next((nodes[incident.element_id] for nodes in everywhere if incident.element_id in nodes), None)


def _instance(session: Session, incident: Incident) -> Instance | None:
    if incident.instance_id is None:
        return None
    return session.scalars(select(Instance).where(Instance.id == incident.instance_id)).first()


def _state(session: Session, incident: Incident) -> str:
    """For the diagram."""
    place = progress(session, incident.instance_id) if incident.instance_id else None
    state: dict[str, Any] = {"failed": [incident.element_id] if incident.element_id else []}
    if place:
        state |= {"current": place.current, "done": place.done}
    return orjson.dumps(state).decode()


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…（共 {len(text)} 字）"
