"""Repairs beside trying again: mend a variable, move a token, cancel the instance, close what was mended."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.actor import Actor
from engine.bpmn.execution import Execution
from engine.bpmn.moves import Move
from engine.bpmn.values import storable
from engine.errors import Conflict, ExpressionError, InvalidData, NotFound, StepFailed
from engine.incident.find import act_of
from engine.incident.take import close, take, tell
from engine.instance.advance import Moved, Work, advance
from engine.instance.commands import (
    Begin,
    Cancel,
    Command,
    CompleteTask,
    DeliverMessage,
    DeliverSignal,
    MoveToken,
    SetVariables,
)
from engine.instance.context import Context
from engine.instance.follow import Post, Signal, Start
from engine.instance.incidents import plain
from engine.instance.stored import dumped, loaded
from engine.instance.view import opened
from engine.store.jobs import drop_jobs
from engine.store.tables import Incident, Instance

Begins = Begin | Start | Post | Signal
"""What fails before there is an instance in which a variable could be."""


@dataclass(frozen=True)
class Changed:
    """A variable as it was and is."""

    name: str
    before: Any
    after: Any


def set_variable(
    session: Session,
    context: Context,
    incident_id: str,
    name: str,
    value: Any,
    *,
    reason: str,
    actor: Actor,
    now: datetime,
) -> Changed:
    """Mends a variable where the step found it: in what was submitted with it, else in the instance.

    What the failed step itself computed is computed again by the next try. The incident stays open.

    Raises:
        NotAllowed, NotFound, Conflict: see `take`; or a conditional event took it up and failed.
        InvalidData: no variable can have that name or value.
    """
    if not name.strip().isidentifier():
        raise InvalidData({"name": ["变量名由字母、数字和下划线组成，且不以数字开头"]})
    try:
        value = storable(value)
    except ExpressionError as error:
        raise InvalidData({"value": [str(error)]}) from error
    incident = take(session, context, incident_id, reason=reason, actor=actor)
    before = incident.data.get(name)
    changed = Changed(name, before, plain({"value": value})["value"])
    if not _in_submission(incident, name, value):
        command = SetVariables(getattr(act_of(incident), "shard", ""), {name: value})
        _apply(session, context, incident, command, actor, now)
    told = {"name": name, "before": before, "after": changed.after}
    tell(session, incident, "variable_set", reason=reason, actor=actor, now=now, more=told)
    incident.data = {**incident.data, name: changed.after}
    session.flush()
    return changed


def move_token(
    session: Session,
    context: Context,
    incident_id: str,
    task_id: str,
    target: str,
    *,
    reason: str,
    actor: Actor,
    now: datetime,
) -> Moved:
    """Takes a token (`possible_moves`) to another element of its scope, and closes the incident.

    Raises:
        NotAllowed, NotFound, Conflict: see `take`; or what follows fails there.
        InvalidData: it may not go there, with the reason.
    """
    incident = take(session, context, incident_id, reason=reason, actor=actor)
    found = possible_moves(session, context, incident, now)
    here = next((each for each in found if each.task_id == task_id), None)
    if here is None:
        raise Conflict("流程已不在这个位置：请刷新页面，按现在的位置重新选择")
    moved = _apply(session, context, incident, MoveToken(task_id, here.shard, target), actor, now)
    close(session, incident, "moved", reason=reason, actor=actor, now=now)
    told = {"from": here.element_id, "to": target}
    tell(session, incident, "moved", reason=reason, actor=actor, now=now, more=told)
    return moved


def cancel_instance(
    session: Session, context: Context, incident_id: str, *, reason: str, actor: Actor, now: datetime
) -> None:
    """Ends the instance with all that is open in it, and closes all its incidents.

    Raises:
        NotAllowed, NotFound, Conflict, InvalidData: see `take`; or it is over already.
    """
    incident = take(session, context, incident_id, reason=reason, actor=actor)
    if incident.instance_id is None:
        raise Conflict("这项异常不属于任何流程实例，没有什么可取消")
    _apply(session, context, incident, Cancel(), actor, now)
    tell(session, incident, "instance_cancelled", reason=reason, actor=actor, now=now)
    drop_jobs(session, incident.instance_id, ("timer", "service", "act"), now)
    others = select(Incident).where(
        Incident.instance_id == incident.instance_id, Incident.status == "open", Incident.id != incident.id
    )
    for each in [incident, *session.scalars(others).all()]:
        close(session, each, "cancelled", reason=reason, actor=actor, now=now)


def resolve(
    session: Session, context: Context, incident_id: str, *, reason: str, actor: Actor, now: datetime
) -> Incident:
    """Closes an incident whose cause was mended elsewhere. Raises as `take`."""
    incident = take(session, context, incident_id, reason=reason, actor=actor)
    close(session, incident, "closed", reason=reason, actor=actor, now=now)
    tell(session, incident, "resolved", reason=reason, actor=actor, now=now)
    return incident


def possible_moves(session: Session, context: Context, incident: Incident, now: datetime) -> list[Move]:
    """Where the instance's tokens stand and may go; none when it has not begun or is over."""
    instance = session.get(Instance, incident.instance_id) if incident.instance_id else None
    if instance is None or instance.status != "active" or instance.revision == 0:
        return []
    execution: Execution = opened(session, context, instance, now)
    return execution.possible_moves()


def _apply(
    session: Session, context: Context, incident: Incident, command: Command, actor: Actor, now: datetime
) -> Moved:
    instance = None
    if incident.instance_id:
        instance = session.get(Instance, incident.instance_id, populate_existing=True)
    if instance is None or instance.status != "active":
        raise Conflict("流程实例已经结束")
    if instance.revision == 0 and not isinstance(command, Cancel):
        raise Conflict("流程还没有开始，没有可以修改的位置：请改启动时的数据后重试，或取消流程")
    savepoint = session.begin_nested()
    try:
        moved = advance(session, context, Work(instance.id, command), actor=actor, now=now)
    except NotFound as gone:
        raise Conflict("流程已不在这个位置：请刷新页面") from gone
    except StepFailed as failure:
        savepoint.rollback()
        raise Conflict(f"改了以后“{failure.element_id}”出错，所以没有改：{failure.reason}") from failure
    savepoint.commit()
    return moved


def _in_submission(incident: Incident, name: str, value: Any) -> bool:
    """Changes it in what failed, when it came with it, or when nothing else is there to be changed."""
    act = act_of(incident)
    if not isinstance(act, Begins | CompleteTask | DeliverMessage | DeliverSignal | SetVariables):
        return False
    if name not in act.data and not isinstance(act, Begins):
        return False
    mended = replace(act, data={**act.data, name: value})
    incident.command = dumped(mended, loaded(incident.command)[1])
    return True
