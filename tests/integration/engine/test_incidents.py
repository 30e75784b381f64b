"""What fails leaves the instance at its last good state, with an incident that can be tried again."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

import engine.incident
from engine.errors import Conflict, InvalidData, NotAllowed, StepFailed, TryLater
from engine.history import verify_all
from engine.instance import Context, ServiceCall, task_view
from engine.store.tables import Incident, Instance, Job, Task
from engine.store.visibility import SYSTEM, see_as
from tests.unit.bpmn.drawn import END, START, catch, extensions

from .conftest import ADMIN, CLERK, LEAD, T0, open_elements, open_task
from .village import begin, complete, history, incident, publish, pump, status, user

SERVICE = (
    '<serviceTask id="v" name="送信" camunda:type="external" camunda:topic="test.send"{}>{}</serviceTask>'
)
SCRIPT = '<scriptTask id="x" scriptFormat="python"><script>share = total / people</script></scriptTask>'
LINES = "s > a; a > x; x > b; b > e"
DIVIDES = START + END + user("a") + SCRIPT + user("b")


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


def test_it_says_where_what_since_when_and_with_which_data(session: Session, context: Context) -> None:
    publish(session, DIVIDES, LINES)
    one = begin(session, context, total=9)
    assert not complete(session, context, "a", people=0)
    found = incident(session)
    assert (found.instance_id, found.element_id, found.since) == (one, "x", T0)
    assert found.data == {"total": 9, "people": 0}
    assert found.message == "脚本：计算失败：除数为 0"
    assert open_elements(session) == ["a"]
    assert task_view(session, context, open_task(session, "a"), T0).data == {"total": 9}
    assert len(history(session, one, "incident.opened")) == 1


def test_a_try_repeats_what_the_person_did_in_the_person_s_name(session: Session, context: Context) -> None:
    """The diagram is the same; what was wrong was outside, and is mended."""
    broken = [True]

    def handler() -> Mapping[str, Any]:
        if broken:
            raise StepFailed("v", "印章机没有纸")
        return {}

    here = serving(context, handler)
    publish(
        session, START + END + user("a") + SERVICE.format("", "") + user("b"), "s > a; a > v; v > b; b > e"
    )
    one = begin(session, here)
    assert not complete(session, here, "a", day=date(2026, 3, 2), text="稿")
    broken.clear()
    # when
    done = retry(session, here)
    # then
    assert (done.failed, done.queued, open_elements(session)) == (None, False, ["b"])
    view = task_view(session, here, open_task(session, "b"), T0)
    assert view.data == {"day": date(2026, 3, 2), "text": "稿"}
    (completed,) = history(session, one, "task.completed")
    (retried,) = history(session, one, "incident.retried")
    assert (completed.actor, retried.actor) == (CLERK.login, ADMIN.login)
    resolved = session.scalars(select(Incident)).one()
    assert (resolved.status, resolved.resolved_by, resolved.resolution, resolved.reason) == (
        "resolved", "admin", "retried", "数据已改",
    )  # fmt: skip
    assert list(verify_all(session)) == []


def test_what_fails_again_is_an_incident_again(session: Session, context: Context) -> None:
    publish(session, DIVIDES, LINES)
    begin(session, context, total=9)
    complete(session, context, "a", people=0)
    done = retry(session, context)
    assert done.failed is not None
    assert incident(session).id == done.failed.id
    assert open_elements(session) == ["a"]


def test_an_instance_that_failed_before_its_first_wait_begins_at_the_next_try(
    session: Session, context: Context
) -> None:
    publish(session, START + END + SCRIPT + user("b"), "s > x; x > b; b > e")
    one = begin(session, context, total=9, people=0)
    assert (status(session, one), open_elements(session)) == ("active", [])
    engine.incident.set_variable(
        session, context, incident(session).id, "people", 3, reason="漏填", actor=ADMIN, now=T0
    )
    assert retry(session, context).failed is None
    assert open_elements(session) == ["b"]
    assert task_view(session, context, open_task(session, "b"), T0).data["share"] == 3
    assert [entry.kind for entry in history(session, one, "instance.%")] == ["instance.started"]


def test_a_failed_timer_is_tried_again(session: Session, context: Context) -> None:
    timer = catch("t", "<timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition>")
    publish(session, START + END + timer + SCRIPT + user("b"), "s > t; t > x; x > b; b > e")
    begin(session, context, total=9, people=0)
    due = T0 + timedelta(hours=1)
    assert pump(session, context, due) == 1
    job = session.scalars(select(Job)).one()
    assert (job.status, incident(session).job_id, incident(session).element_id) == ("incident", job.id, "x")
    engine.incident.set_variable(
        session, context, incident(session).id, "people", 3, reason="漏填", actor=ADMIN, now=due
    )
    assert retry(session, context, due).failed is None
    assert open_elements(session) == ["b"]
    session.refresh(job)
    assert job.status == "done"


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


def test_only_repairers_may_act_and_only_with_a_reason(session: Session, context: Context) -> None:
    publish(session, DIVIDES, LINES)
    begin(session, context, total=9)
    complete(session, context, "a", people=0)
    id = incident(session).id
    with pytest.raises(NotAllowed, match="系统管理员"):
        engine.incident.retry(session, context, id, reason="我来", actor=LEAD, now=T0)
    with pytest.raises(InvalidData, match="理由"):
        engine.incident.retry(session, context, id, reason=" ", actor=ADMIN, now=T0)
    assert incident(session).status == "open"


def test_a_task_that_was_done_meanwhile_is_not_done_again(session: Session, context: Context) -> None:
    publish(session, DIVIDES, LINES)
    begin(session, context, total=9)
    complete(session, context, "a", people=0)
    assert complete(session, context, "a", people=3)
    with pytest.raises(Conflict, match="已由 clerk1 了结"):
        retry(session, context)


def test_of_two_who_try_at_once_one_wins(
    sessions: sessionmaker[Session], session: Session, context: Context
) -> None:
    publish(session, START + END + SCRIPT + user("b"), "s > x; x > b; b > e")
    begin(session, context, total=9, people=0)
    id = incident(session).id
    engine.incident.set_variable(session, context, id, "people", 3, reason="漏填", actor=ADMIN, now=T0)
    session.commit()
    outcomes: list[str] = []
    together = threading.Barrier(2)

    def one() -> None:
        with sessions() as mine:
            see_as(mine, SYSTEM)
            together.wait()
            try:
                engine.incident.retry(mine, context, id, reason="重试", actor=ADMIN, now=T0)
                mine.commit()
                outcomes.append("won")
            except Conflict as lost:
                outcomes.append(str(lost))

    threads = [threading.Thread(target=one) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(outcomes) == ["won", "该异常已由 admin 处理"]
    assert len(session.scalars(select(Task)).all()) == 1
