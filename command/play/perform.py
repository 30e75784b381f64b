"""Plays one scenario: begins the case, does the steps as the people named, compares what is expected."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

import engine.message
from command.play.answers import judge
from command.play.chain import issue
from command.play.compare import differences
from command.play.ladder import decide
from command.play.periods import move_period
from command.play.script import Begin, Script, Step
from command.play.stage import Stage
from command.play.tasks import complete_as, person, task_for
from command.say import sentence
from engine.definition import current
from engine.errors import EngineError, NotFound, StepFailed
from engine.instance import start
from engine.store.tables import FanOutMember, Incident, Instance
from forms.form_files import form_of
from supervision.complaint.evidence import Upload
from supervision.complaint.intake import PROCESS, PUBLIC, register
from supervision.notice.channels import channels
from supervision.recusal.declare import declare

STARTING = timedelta(minutes=1)
"""Within this, a server that was off does what fell due meanwhile."""


def perform(stage: Stage, script: Script) -> list[str]:
    """What went otherwise than the file says, each a Chinese sentence; empty when all went well.

    A step that cannot be done ends the scenario; a wrong expectation does not.
    """
    problems: list[str] = []
    where = "开始"
    try:
        cases = [_begin(stage, script.begin) for _ in range(script.also + 1)]
        for step in script.steps:
            where = step.title
            about = _about(stage, _case(cases, step), step)
            problems += [f"{where}：{problem}" for problem in _do(stage, about, step)]
    except EngineError as error:
        problems.append(f"{where}：{sentence(error)}")
    except ValueError as error:
        problems.append(f"{where}：{error}")
    return problems


def _begin(stage: Stage, begin: Begin) -> str:
    now, system = stage.clock.at, stage.system
    with stage.session() as session:
        actor = person(session, begin.by, stage) if begin.by else PUBLIC
        definition, _ = current(session, begin.process, now)
        data: dict[str, Any] = dict(begin.data)
        sealed: dict[str, Any] = {}
        if begin.form:
            form = form_of(session, definition.id, begin.form)
            data, sealed = judge(stage, session, form, begin.data, case={}, instance_id="", actor=actor)
        if begin.process == PROCESS:
            uploads = [
                Upload(name, f"{name}.txt", "text/plain", b"-") for name in sealed.pop("evidence", None) or ()
            ]
            receipt = register(
                session, system.context, system.keys, data, sealed, uploads,
                actor=actor, now=now, start_event=begin.event or "st_web",
            )  # fmt: skip
            instance_id = receipt.instance_id
        else:
            instance_id = start(
                session, system.context, begin.process, data, actor=actor, now=now, start_event=begin.event
            )
        session.commit()
    return instance_id


def _case(cases: Sequence[str], step: Step) -> str:
    if not 0 <= step.case <= len(cases):
        raise ValueError(f"没有第 {step.case} 件：一共登记了 {len(cases)} 件")
    return cases[step.case - 1]


def _about(stage: Stage, instance_id: str, step: Step) -> str:
    """The newest of a process, the unit's own, or the case itself. It may begin on the way to the moment."""
    if not (step.unit or step.process):
        return instance_id
    if step.at is not None:
        stage.move(step.at)
    with stage.session() as session:
        return _of_unit(session, instance_id, step.unit) if step.unit else _newest(session, step.process)


def _newest(session: Session, process: str) -> str:
    found = session.scalar(
        select(Instance.id)
        .where(Instance.process_id == process)
        .order_by(Instance.started_at.desc(), Instance.business_key.desc())
    )
    if found is None:
        raise NotFound(f"流程“{process}”还没有开始")
    return found


def _of_unit(session: Session, instance_id: str, unit: str) -> str:
    found = session.scalar(
        select(FanOutMember.instance_id)
        .where(FanOutMember.parent_id == instance_id, FanOutMember.item == unit)
        .order_by(FanOutMember.started_at.desc())
    )
    if found is None:
        raise NotFound(f"没有向单位“{unit}”下发，或者还没有开始")
    return found


def _do(stage: Stage, instance_id: str, step: Step) -> list[str]:
    if step.at is not None:
        stage.move(step.at)
    if step.down is not None:
        stage.clock.move(step.down)
        stage.move(step.down + STARTING)
    try:
        if step.task:
            _complete(stage, instance_id, step)
        elif step.begin:
            _begin(stage, Begin(step.begin, None, step.form, step.by, step.data))
        elif step.issue:
            issue(stage, instance_id, step)
        elif step.message:
            _publish(stage, instance_id, step)
        elif step.extend or step.suspend or step.resume:
            _move(stage, instance_id, step)
        elif step.decide:
            _decide(stage, instance_id, step)
        elif step.declare:
            _declare(stage, instance_id, step)
    except EngineError as error:
        if not step.refused or isinstance(error, StepFailed):
            raise
        said = sentence(error)
        return [] if step.refused in said else [f"应被拒绝，理由含“{step.refused}”，但理由是：{said}"]
    if step.refused:
        return [f"应被拒绝（{step.refused}），但是办成了"]
    stage.move(stage.clock.at)
    with stage.session() as session:
        troubles = session.scalars(select(Incident).where(Incident.status == "open")).all()
        steps = [trouble for trouble in troubles if trouble.data.get("kind") not in channels()]
        if steps:  # a message that nobody got stops no story
            return [f"出现异常：{trouble.element_id} {trouble.message}" for trouble in steps]
        return differences(stage, session, instance_id, step.expect)


def _complete(stage: Stage, instance_id: str, step: Step) -> None:
    with stage.session() as session:
        actor = person(session, step.by, stage)
        task_id = task_for(stage, session, instance_id, step.task, actor, step.about).id
    complete_as(stage, task_id, step.by, step.data)


def _publish(stage: Stage, instance_id: str, step: Step) -> None:
    with stage.session() as session:
        actor = person(session, step.by, stage) if step.by else PUBLIC
        correlation = step.correlation or session.get_one(Instance, instance_id).business_key
        engine.message.publish(
            session, stage.system.context, step.message, step.data,
            correlation=correlation, actor=actor, now=stage.clock.at,
        )  # fmt: skip
        session.commit()


def _decide(stage: Stage, instance_id: str, step: Step) -> None:
    with stage.session() as session:
        actor = person(session, step.by, stage)
        decide(session, stage.system.context, instance_id, step, actor, stage.clock.at)
        session.commit()


def _declare(stage: Stage, instance_id: str, step: Step) -> None:
    with stage.session() as session:
        actor, instance = person(session, step.by, stage), session.get_one(Instance, instance_id)
        answers = {"has_conflict": step.declare, "confidentiality_pledge": True, **step.data}
        declare(session, stage.system.context, instance, answers, actor=actor, now=stage.clock.at)
        session.commit()


def _move(stage: Stage, instance_id: str, step: Step) -> None:
    with stage.session() as session:
        actor = person(session, step.by, stage)
        system = stage.system
        move_period(session, system.context, system.keys, instance_id, step, actor, stage.clock.at)
        session.commit()
