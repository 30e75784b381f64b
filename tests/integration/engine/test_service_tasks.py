"""Service tasks: put off, tried again later, given up as incidents; a handler that breaks tells no secret."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

import engine.incident
from engine.errors import TryLater
from engine.instance import Context, ServiceCall, task_view
from engine.store.tables import Incident, Instance
from tests.unit.bpmn.drawn import END, START, extensions

from .conftest import ADMIN, T0, open_elements, open_task
from .village import begin, complete, incident, publish, pump, status, user

SERVICE = (
    '<serviceTask id="v" name="送信" camunda:type="external" camunda:topic="test.send"{}>{}</serviceTask>'
)


def retry(session: Session, context: Context, now: datetime = T0) -> engine.incident.Retried:
    id = incident(session).id
    done = engine.incident.retry(session, context, id, reason="数据已改", actor=ADMIN, now=now)
    session.commit()
    session.expire_all()
    return done


def serving(context: Context, handler: Callable[[], Mapping[str, Any]]) -> Context:
    def handle(session: Session, call: ServiceCall, now: datetime) -> Mapping[str, Any]:
        return handler()

    return replace(context, topics={"test.send": handle})


def patience(times: int) -> tuple[Callable[[], Mapping[str, Any]], list[int]]:
    """A handler that asks for patience so many times, and a list that grows with each call."""
    asked: list[int] = []

    def handler() -> Mapping[str, Any]:
        asked.append(1)
        if len(asked) <= times:
            raise TryLater("网关没有应答")
        return {"sent": True}

    return handler, asked


def test_a_handler_that_asks_for_patience_is_asked_again_later(session: Session, context: Context) -> None:
    handler, asked = patience(2)
    here = serving(context, handler)
    publish(
        session, START + END + user("a") + SERVICE.format("", "") + user("b"), "s > a; a > v; v > b; b > e"
    )
    begin(session, here)
    assert complete(session, here, "a")
    assert (open_elements(session), len(asked)) == ([], 1)
    assert pump(session, here, T0 + timedelta(seconds=59)) == 0
    assert pump(session, here, T0 + timedelta(minutes=1)) == 1
    assert pump(session, here, T0 + timedelta(minutes=5)) == 0
    assert pump(session, here, T0 + timedelta(minutes=6)) == 1
    assert open_elements(session) == ["b"]
    assert task_view(session, here, open_task(session, "b"), T0).data == {"sent": True}
    assert session.scalars(select(Incident)).all() == []


def test_when_patience_is_over_it_is_an_incident(session: Session, context: Context) -> None:
    handler, asked = patience(99)
    here = serving(context, handler)
    publish(session, START + END + SERVICE.format("", "") + user("b"), "s > v; v > b; b > e")
    one = begin(session, here)
    now = T0
    for minutes in (1, 5, 25):
        now += timedelta(minutes=minutes)
        assert pump(session, here, now) == 1
    assert (len(asked), incident(session).element_id) == (4, "v")
    assert "试了 4 次仍不成功：网关没有应答" in incident(session).message
    assert status(session, one) == "active"
    asked.extend([1] * 99)
    assert retry(session, here).failed is None
    assert open_elements(session) == ["b"]


@pytest.mark.parametrize(
    "written", ["<camunda:failedJobRetryTimeCycle>R1/PT10M</camunda:failedJobRetryTimeCycle>",
                '<camunda:properties><camunda:property name="retry" value="PT10M"/></camunda:properties>'],
)  # fmt: skip
def test_the_diagram_says_how_often(session: Session, context: Context, written: str) -> None:
    here = serving(context, patience(99)[0])
    service = SERVICE.format("", f"<extensionElements>{written}</extensionElements>")
    publish(session, START + END + service, "s > v; v > e")
    begin(session, here)
    assert pump(session, here, T0 + timedelta(minutes=9)) == 0
    assert pump(session, here, T0 + timedelta(minutes=10)) == 1
    assert incident(session).element_id == "v"


@pytest.mark.parametrize(
    "written", [(' camunda:asyncBefore="true"', ""), ("", extensions(**{"async": "true"}))]
)
def test_an_asynchronous_service_task_is_left_to_a_job(
    session: Session, context: Context, written: tuple[str, str]
) -> None:
    handler, asked = patience(0)
    here = serving(context, handler)
    publish(session, START + END + SERVICE.format(*written) + user("b"), "s > v; v > b; b > e")
    begin(session, here)
    assert (asked, open_elements(session)) == ([], [])
    assert pump(session, here, T0) == 1
    assert open_elements(session) == ["b"]


def test_what_was_put_off_waits_while_others_move(session: Session, context: Context) -> None:
    handler, asked = patience(1)
    here = serving(context, handler)
    both = f'{START}{END}<parallelGateway id="g"/>{SERVICE.format("", "")}{user("a")}{user("b")}'
    publish(session, both, "s > g; g > v; g > a; a > b; v > e; b > e")
    begin(session, here)
    complete(session, here, "a")
    assert len(asked) == 1
    assert pump(session, here, T0 + timedelta(minutes=1)) == 1
    assert len(asked) == 2


def test_what_is_put_off_and_then_interrupted_is_never_served(session: Session, context: Context) -> None:
    handler, asked = patience(1)
    here = serving(context, handler)
    both = f'{START}{END}<endEvent id="stop"><terminateEventDefinition/></endEvent><parallelGateway id="g"/>'
    publish(session, both + SERVICE.format("", "") + user("a"), "s > g; g > v; g > a; a > stop; v > e")
    one = begin(session, here)
    complete(session, here, "a")
    assert status(session, one) == "terminated"
    pump(session, here, T0 + timedelta(minutes=1))
    assert (len(asked), session.scalars(select(Incident)).all()) == (1, [])


def test_what_a_handler_wrote_before_it_asked_for_patience_is_taken_back(
    session: Session, context: Context
) -> None:
    def write(session: Session, call: ServiceCall, now: datetime) -> Mapping[str, Any]:
        session.get_one(Instance, call.instance_id).title += f"+{call.element_id}"
        session.flush()
        if call.element_id == "w":
            raise TryLater("忙")
        return {}

    here = replace(context, topics={"test.send": write})
    second = SERVICE.replace('id="v"', 'id="w"').format("", "")
    publish(session, START + END + SERVICE.format("", "") + second, "s > v; v > w; w > e")
    one = begin(session, here)
    session.expire_all()
    assert session.get_one(Instance, one).title == "流程+v"


def test_a_broken_handler_is_an_incident_that_tells_no_secret(session: Session, context: Context) -> None:
    def broken() -> Mapping[str, Any]:
        raise KeyError("王小明 13800000000")

    here = serving(context, broken)
    publish(session, START + END + SERVICE.format("", ""), "s > v; v > e")
    begin(session, here)
    found = incident(session)
    assert "KeyError" in found.message
    assert "王小明" not in f"{found.message}{found.data}"
