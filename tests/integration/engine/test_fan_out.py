"""A parent asks for one child per member of a group; they report by finishing, and it is told once."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

import engine.job
import engine.task
from engine.errors import Conflict, StepFailed
from engine.history import verify_all
from engine.instance import Context, ServiceCall, fan_in, fan_out
from engine.instance.advance import Work, advance
from engine.instance.commands import Cancel
from engine.instance.context import Member
from engine.store.tables import FanOut, FanOutMember, Incident, Instance, Job, Task
from engine.store.visibility import SYSTEM, see_as
from tests.unit.bpmn.drawn import END, START, catch

from .conftest import CLERK, T0, open_elements
from .village import NOTE, begin, complete, history, publish, pump, status, user

LATER = T0 + timedelta(days=3)
TIMER = "<timerEventDefinition><timeDuration>P2D</timeDuration></timerEventDefinition>"
ASK = '<serviceTask id="ask" name="下发" camunda:type="external" camunda:topic="test.fan_out"/>'
WAIT = '<eventBasedGateway id="g"/>' + catch("all", NOTE) + catch("late", TIMER)
PARENT = START + END + ASK + WAIT + user("sum") + '<exclusiveGateway id="m"/>'
LINES = "s > ask; ask > g; g > all; g > late; all > m; late > m; m > sum; sum > e"
CHILD = '<startEvent id="s"><messageEventDefinition messageRef="d"/></startEvent>' + END
"""Begins with `msg_done`."""


def ask(session: Session, call: ServiceCall, now: datetime) -> Mapping[str, object]:
    fan_out.open_fan_out(
        session, call, "msg_done", {"count": str(call.data["count"])}, {"label": "2026H1"},
        joined_by="msg_note", now=now,
    )  # fmt: skip
    return {}


def members(session: Session, selection: Mapping[str, str]) -> list[Member]:
    return [Member(f"U{n}", f"单位{n}", {"unit": f"U{n}"}) for n in range(int(selection["count"]))]


@pytest.fixture
def wide(context: Context) -> Context:
    return replace(context, topics={**context.topics, "test.fan_out": ask}, members=members)


@pytest.fixture
def drawn(session: Session) -> Session:
    publish(session, PARENT, LINES, id="parent")
    publish(session, CHILD + user("answer"), "s > answer; answer > e", id="child")
    session.commit()
    return session


def children(session: Session) -> list[Instance]:
    found = select(Instance).where(Instance.process_id == "child").order_by(Instance.business_key)
    return list(session.scalars(found))


def answer(session: Session, context: Context, key: str, now: datetime = T0) -> None:
    """The member of that business key finishes its child."""
    child = session.scalars(select(Instance).where(Instance.business_key == key)).one()
    task = session.scalars(select(Task).where(Task.instance_id == child.id, Task.status == "open")).one()
    engine.task.complete(session, context, task.id, {}, actor=CLERK, now=now)
    session.commit()


def test_each_member_gets_one_child_and_the_parent_goes_on_when_all_have_reported(
    drawn: Session, wide: Context
) -> None:
    parent = begin(drawn, wide, "parent", key="P", count=3)
    pump(drawn, wide, T0)
    assert [(child.business_key, child.cause_id) for child in children(drawn)] == [
        (f"P/U{n}", parent) for n in range(3)
    ]
    for n in (2, 0):
        answer(drawn, wide, f"P/U{n}")
        pump(drawn, wide, T0)
    assert open_elements(drawn) == ["answer"]
    answer(drawn, wide, "P/U1")
    assert pump(drawn, wide, T0) == 1
    assert open_elements(drawn) == ["sum"]
    assert len(history(drawn, parent, "message.received")) == 1
    assert complete(drawn, wide, "sum")
    assert (status(drawn, parent), list(verify_all(drawn))) == ("completed", [])


def test_the_step_that_asks_writes_as_much_for_many_as_for_few(drawn: Session, wide: Context) -> None:
    begin(drawn, wide, "parent", key="P", count=10_000)
    assert drawn.scalars(select(FanOutMember.item)).all() == []
    assert drawn.scalars(select(Job.kind).where(Job.kind == fan_out.KIND)).all() == [fan_out.KIND]


def test_a_member_that_never_answers_does_not_hold_the_rest(drawn: Session, wide: Context) -> None:
    parent = begin(drawn, wide, "parent", key="P", count=3)
    pump(drawn, wide, T0)
    answer(drawn, wide, "P/U0")
    pump(drawn, wide, LATER)
    assert open_elements(drawn) == ["answer", "answer", "sum"]
    # the parent goes on, and what comes late is on the list and moves nothing
    fan = fan_in.close(drawn, parent, "ask", LATER)
    drawn.commit()
    assert fan is not None
    answer(drawn, wide, "P/U1", LATER)
    answer(drawn, wide, "P/U2", LATER)
    assert pump(drawn, wide, LATER) == 0
    assert (open_elements(drawn), fan.reported) == (["sum"], 3)
    assert history(drawn, parent, "message.received") == []


def test_nobody_to_ask_is_the_same_as_all_have_reported(drawn: Session, wide: Context) -> None:
    begin(drawn, wide, "parent", key="P", count=0)
    pump(drawn, wide, T0)
    assert (open_elements(drawn), children(drawn)) == (["sum"], [])


def test_children_that_finish_at_once_are_counted(session: Session, wide: Context) -> None:
    publish(session, PARENT, LINES, id="parent")
    publish(session, CHILD, "s > e", id="child")
    begin(session, wide, "parent", key="P", count=60)
    pump(session, wide, T0)
    assert open_elements(session) == ["sum"]
    assert {child.status for child in children(session)} == {"completed"}


def test_a_child_that_is_cancelled_is_not_waited_for(drawn: Session, wide: Context) -> None:
    begin(drawn, wide, "parent", key="P", count=2)
    pump(drawn, wide, T0)
    answer(drawn, wide, "P/U0")
    advance(drawn, wide, Work(children(drawn)[1].id, Cancel()), actor=CLERK, now=T0)
    drawn.commit()
    pump(drawn, wide, T0)
    fan = drawn.scalars(select(FanOut)).one()
    assert (open_elements(drawn), fan.reported, fan.dropped) == (["sum"], 1, 1)


def test_a_parent_that_ended_starts_nobody_else(drawn: Session, wide: Context) -> None:
    parent = begin(drawn, wide, "parent", key="P", count=3)
    advance(drawn, wide, Work(parent, Cancel()), actor=CLERK, now=T0)
    drawn.commit()
    pump(drawn, wide, T0)
    assert (children(drawn), drawn.scalars(select(FanOut.status)).one()) == ([], "cancelled")


def test_a_batch_that_was_killed_happens_once(
    drawn: Session, wide: Context, sessions: sessionmaker[Session]
) -> None:
    # given a fan-out of which the first batch is done
    count = fan_out.BATCH * 2 + 10
    begin(drawn, wide, "parent", key="P", count=count)
    one_job(sessions, wide, "w1", T0)
    # when the worker of the second dies before it commits, and another one takes over
    with see_as(sessions(), SYSTEM) as session:
        job = engine.job.claim(session, "engine", owner="w1", now=T0)
        session.commit()
        assert job is not None
        engine.job.run(session, wide, job.id, owner="w1", now=T0, runners={})
        session.rollback()
        assert len(children(session)) == fan_out.BATCH
    afterwards = T0 + timedelta(minutes=2)
    assert [one_job(sessions, wide, "w2", afterwards) for _ in range(3)] == [True, True, False]
    # then each member has one child
    keys = [child.business_key for child in children(drawn)]
    assert len(keys) == len(set(keys)) == count
    fan = drawn.scalars(select(FanOut)).one()
    assert (fan.status, fan.started, fan.total) == ("running", count, count)


def test_a_batch_that_two_workers_do_starts_nobody_twice(
    drawn: Session, wide: Context, sessions: sessionmaker[Session]
) -> None:
    begin(drawn, wide, "parent", key="P", count=5)
    fan_id = drawn.scalars(select(FanOut.id)).one()
    drawn.commit()

    def work() -> None:
        with see_as(sessions(), SYSTEM) as session:
            fan_out.start_some(session, wide, fan_id, T0)
            session.commit()

    with ThreadPoolExecutor(2) as workers:
        for done in [workers.submit(work), workers.submit(work)]:
            done.result()
    assert len(children(drawn)) == 5


def test_who_is_added_meanwhile_is_started_and_waited_for(drawn: Session, wide: Context) -> None:
    # given all but one have reported
    parent = begin(drawn, wide, "parent", key="P", count=2)
    pump(drawn, wide, T0)
    answer(drawn, wide, "P/U0")
    # when somebody is added
    fan = drawn.scalars(select(FanOut)).one()
    fan_out.add_member(drawn, fan, Member("U9", "新单位", {"unit": "U9"}), reason="新设", actor=CLERK, now=T0)
    drawn.commit()
    answer(drawn, wide, "P/U1")
    pump(drawn, wide, T0)
    # then the parent waits for that one too
    assert open_elements(drawn) == ["answer"]
    answer(drawn, wide, "P/U9")
    pump(drawn, wide, T0)
    assert open_elements(drawn) == ["sum"]
    assert [entry.name for entry in history(drawn, parent, "fan_out.added")] == ["新单位"]


def test_who_is_there_or_comes_too_late_is_not_added(drawn: Session, wide: Context) -> None:
    begin(drawn, wide, "parent", key="P", count=1)
    pump(drawn, wide, T0)
    fan = drawn.scalars(select(FanOut)).one()

    def add(item: str) -> None:
        fan_out.add_member(drawn, fan, Member(item, "单位"), reason="", actor=CLERK, now=T0)

    with pytest.raises(Conflict, match="已在名单中"):
        add("U0")
    answer(drawn, wide, "P/U0")
    pump(drawn, wide, T0)
    with pytest.raises(Conflict, match="汇总已经开始"):
        add("U1")


def test_a_message_that_starts_nothing_is_an_incident_that_can_be_tried_again(
    session: Session, wide: Context
) -> None:
    # given a parent whose message begins no process
    publish(session, PARENT, LINES, id="parent")
    begin(session, wide, "parent", key="P", count=2)
    with pytest.raises(StepFailed, match="没有可启动的流程"):
        pump(session, wide, T0)
    session.rollback()
    # when the process is published, and the job's turn comes again
    publish(session, CHILD + user("answer"), "s > answer; answer > e", id="child")
    session.commit()
    pump(session, wide, T0 + timedelta(minutes=2))
    assert open_elements(session) == ["answer", "answer"]


def test_a_child_that_fails_holds_up_nobody(session: Session, wide: Context) -> None:
    # given a child of which one member's begins with an error
    publish(session, PARENT, LINES, id="parent")
    breaks = '<scriptTask id="x" scriptFormat="python"><script>y = 1 / (n - 1)</script></scriptTask>'
    publish(session, CHILD + breaks + user("answer"), "s > x; x > answer; answer > e", id="child")
    begin(session, replace(wide, members=numbered), "parent", key="P", count=3)
    pump(session, replace(wide, members=numbered), T0)
    # then it has an incident, and the others work
    assert open_elements(session) == ["answer", "answer"]
    (failed,) = session.scalars(select(Incident)).all()
    assert session.get_one(Instance, failed.instance_id).business_key == "P/U1"
    # and the parent waits for it too
    answer(session, wide, "P/U0")
    answer(session, wide, "P/U2")
    pump(session, wide, T0)
    assert open_elements(session) == []


def numbered(session: Session, selection: Mapping[str, str]) -> list[Member]:
    return [Member(f"U{n}", f"单位{n}", {"n": n}) for n in range(int(selection["count"]))]


def one_job(sessions: sessionmaker[Session], context: Context, owner: str, now: datetime) -> bool:
    with see_as(sessions(), SYSTEM) as session:
        job = engine.job.claim(session, "engine", owner=owner, now=now)
        session.commit()
        if job is None:
            return False
        engine.job.run(session, context, job.id, owner=owner, now=now, runners={})
        session.commit()
    return True
