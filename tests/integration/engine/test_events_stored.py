"""Errors of handlers, event sub-processes and compensation, through the one door and the database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

import engine.definition
import engine.job
import engine.message
import engine.task
from engine.errors import BpmnError, StepFailed
from engine.instance import Context, ServiceCall, start
from engine.store.tables import Incident, Instance, Job, StateShard, Subscription
from tests.unit.bpmn.drawn import END, START, boundary, handler, process, throw, undoable, user

from .conftest import CLERK, T0, open_elements, open_task

ERROR = '<errorEventDefinition errorRef="err" camunda:errorMessageVariable="why"/>'
SERVICE = '<serviceTask id="pay" camunda:type="external" camunda:topic="test.pay"/>'
REST = '<error id="err" errorCode="NO_MONEY"/><message id="m" name="msg_note"/>'


def pay(session: Session, call: ServiceCall, now: datetime) -> Mapping[str, Any]:
    raise BpmnError("NO_MONEY", "余额不足")


@pytest.fixture
def paying(context: Context) -> Context:
    return replace(context, topics={"test.pay": pay})


def begin(session: Session, context: Context, elements: str, lines: str) -> str:
    files = {"p.bpmn": process(START + END + elements, lines, rest=REST)}
    engine.definition.publish(session, "p", files, by="owner", approved_by="second", now=T0)
    found = start(session, context, "p", {}, actor=CLERK, now=T0, business_key="K1")
    session.commit()
    return found


def test_an_error_of_a_handler_takes_the_way_drawn_for_it(session: Session, paying: Context) -> None:
    elements = (
        SERVICE + boundary("b", "pay", ERROR) + user("boss", attributes='camunda:candidateGroups="LEAD"')
    )
    begin(session, paying, elements, "s > pay\npay > e\nb > boss\nboss > e")
    assert open_elements(session) == ["boss"]
    assert session.scalars(select(Incident)).all() == []


def test_without_a_way_it_is_an_incident(session: Session, paying: Context) -> None:
    with pytest.raises(StepFailed, match="余额不足"):
        begin(session, paying, SERVICE, "s > pay\npay > e")
    incident = session.scalars(select(Incident)).one()
    assert incident.element_id == "pay"
    assert "NO_MONEY" in incident.message


def test_event_sub_processes_wait_as_rows_and_leave_none_behind(session: Session, context: Context) -> None:
    timer = "<timerEventDefinition><timeDuration>P3D</timeDuration></timerEventDefinition>"
    message = '<messageEventDefinition messageRef="m"/>'
    elements = (
        user("a", attributes='camunda:candidateGroups="CLERK"')
        + handler(message, interrupting=False, id="note", task="read")
        + handler(timer, id="late", task="hurry")
    )
    instance_id = begin(session, context, elements, "s > a\na > e")
    assert session.scalars(select(Subscription)).one().element_id == "note_s"
    for _ in range(2):
        engine.message.publish(session, context, "msg_note", {}, correlation="K1", actor=CLERK, now=T0)
    assert open_elements(session) == ["a", "read", "read"]
    armed = session.scalars(select(Job).where(Job.status == "ready")).one()
    assert armed.payload["element_id"] == "late_s"
    late = T0 + timedelta(days=4)
    job = engine.job.claim(session, "engine", owner="w", now=late)
    assert job is not None
    assert engine.job.run(session, context, job.id, owner="w", now=late, runners={})
    session.commit()
    assert open_elements(session) == ["hurry"]
    assert session.scalars(select(Subscription)).all() == []
    assert len(session.scalars(select(StateShard)).all()) == 2
    assert session.get_one(Instance, instance_id).status == "active"


def test_what_can_be_undone_is_kept_between_steps(session: Session, context: Context) -> None:
    given = 'camunda:candidateGroups="CLERK"'
    undo = throw("t", "<compensateEventDefinition/>")
    elements = undoable("a").replace("<userTask ", f"<userTask {given} ") + user("c", attributes=given) + undo
    instance_id = begin(session, context, elements, "s > a\na > c\nc > t\nt > e")
    for element in ("a", "c", "undo_a"):
        task = open_task(session, element)
        engine.task.complete(session, context, task.id, {element: 1}, actor=CLERK, now=T0)
        session.commit()
    session.expire_all()
    assert session.get_one(Instance, instance_id).status == "completed"
