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
from engine.errors import Conflict, InvalidData, NotAllowed, StepFailed
from engine.history import verify_all
from engine.instance import Context, ServiceCall, task_view
from engine.store.tables import Incident, Job, Task
from engine.store.visibility import SYSTEM, see_as
from tests.unit.bpmn.drawn import END, START, catch

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
