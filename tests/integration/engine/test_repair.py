"""Repairs: a variable mended, a token moved, an instance cancelled, each on record with why."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

import engine.incident
from engine.errors import Conflict, InvalidData, NotAllowed
from engine.history import verify_all
from engine.instance import Context, task_view, variables
from engine.store.tables import Deadline, HistoryPayload, Incident, Instance, Job, Subscription, Task
from tests.unit.bpmn.drawn import END, START, block, boundary, catch

from .conftest import ADMIN, CLERK, LEAD, T0, open_elements, open_task
from .village import NOTE, begin, complete, history, incident, publish, status, user

SCRIPT = '<scriptTask id="x" scriptFormat="python"><script>share = total / people</script></scriptTask>'
FAILS = START + END + user("a") + SCRIPT + user("b") + user("c")
LINES = "s > a; a > x; x > b; b > c; c > e"


def stuck(session: Session, context: Context, **data: Any) -> str:
    """An instance whose task a cannot be completed, for nobody is to be divided by."""
    publish(session, FAILS, LINES)
    one = begin(session, context, total=9, people=0, **data)
    complete(session, context, "a")
    return one


def mend(session: Session, context: Context, name: str, value: Any) -> engine.incident.Changed:
    id = incident(session).id
    changed = engine.incident.set_variable(
        session, context, id, name, value, reason="按登记表更正", actor=ADMIN, now=T0
    )
    session.commit()
    return changed


def retry(session: Session, context: Context) -> None:
    id = incident(session).id
    engine.incident.retry(session, context, id, reason="已更正", actor=ADMIN, now=T0)
    session.commit()


def move(session: Session, context: Context, element_id: str, target: str) -> None:
    found = incident(session)
    moves = engine.incident.possible_moves(session, context, found, T0)
    here = next(each for each in moves if each.element_id == element_id)
    engine.incident.move_token(
        session, context, found.id, here.task_id, target, reason="跳过折算", actor=ADMIN, now=T0
    )
    session.commit()
    session.expire_all()


def payload(session: Session, chain: str, kind: str) -> dict[str, Any]:
    (entry,) = history(session, chain, kind)
    row = session.get_one(HistoryPayload, (chain, entry.seq))
    found: dict[str, Any] = orjson.loads(row.content)
    return found


# ---------------------------------------------------------------- a variable


def test_a_mended_variable_lets_the_next_try_go_on(session: Session, context: Context) -> None:
    one = stuck(session, context)
    changed = mend(session, context, "people", 3)
    assert (changed.before, changed.after) == (0, 3)
    assert incident(session).data["people"] == 3
    retry(session, context)
    assert open_elements(session) == ["b"]
    assert task_view(session, context, open_task(session, "b"), T0).data["share"] == 3
    told = payload(session, one, "incident.variable_set")
    assert (told["name"], told["before"], told["after"], told["reason"]) == ("people", 0, 3, "按登记表更正")
    assert list(verify_all(session)) == []


def test_what_was_submitted_with_the_step_is_mended_there(session: Session, context: Context) -> None:
    """Otherwise the next try would submit the wrong value again."""
    publish(session, FAILS, LINES)
    begin(session, context, total=9)
    complete(session, context, "a", people=0)
    mend(session, context, "people", 3)
    retry(session, context)
    assert task_view(session, context, open_task(session, "b"), T0).data["share"] == 3


@pytest.mark.parametrize("value", ["文字", 3, 2.5, True, None, ["a", 1], {"k": {"n": [1]}}])
def test_a_value_keeps_its_type(session: Session, context: Context, value: Any) -> None:
    one = stuck(session, context)
    mend(session, context, "thing", value)
    assert variables(session, context, one, T0)["thing"] == value


@pytest.mark.parametrize("name", ["", "a b", "1a", "a-b", "a.b"])
def test_what_cannot_be_a_variable_is_refused(session: Session, context: Context, name: str) -> None:
    stuck(session, context)
    with pytest.raises(InvalidData, match="变量名"):
        mend(session, context, name, 1)


def test_a_repair_that_fails_changes_nothing(session: Session, context: Context) -> None:
    """The variable makes a condition true, and what follows from it fails."""
    conditional = boundary(
        "w", "a", "<conditionalEventDefinition><condition>go</condition></conditionalEventDefinition>",
        interrupting=False,
    )  # fmt: skip
    again = SCRIPT.replace('id="x"', 'id="y"')
    publish(session, FAILS + conditional + again, LINES + "; w > y; y > e")
    one = begin(session, context, total=9, people=0, go=False)
    complete(session, context, "a")
    with pytest.raises(Conflict, match="所以没有改"):
        mend(session, context, "go", True)
    session.rollback()
    assert variables(session, context, one, T0)["go"] is False
    assert history(session, one, "incident.variable_set") == []


# ---------------------------------------------------------------- a token


def test_a_moved_token_leaves_its_task_and_begins_the_other(session: Session, context: Context) -> None:
    one = stuck(session, context)
    move(session, context, "a", "b")
    assert open_elements(session) == ["b"]
    left = session.scalars(select(Task).where(Task.element_id == "a")).one()
    assert left.status == "cancelled"
    told = payload(session, one, "incident.moved")
    assert (told["from"], told["to"], told["reason"]) == ("a", "b", "跳过折算")
    assert session.scalars(select(Incident.resolution)).all() == ["moved"]
    assert list(verify_all(session)) == []


def test_the_page_is_told_where_a_token_may_go(session: Session, context: Context) -> None:
    stuck(session, context)
    (here,) = engine.incident.possible_moves(session, context, incident(session), T0)
    assert (here.element_id, {target for target, _ in here.targets}) == ("a", {"a", "b", "c", "e", "x"})


def test_a_token_that_is_gone_cannot_be_moved(session: Session, context: Context) -> None:
    stuck(session, context)
    with pytest.raises(Conflict, match="刷新页面"):
        engine.incident.move_token(
            session, context, incident(session).id, "0" * 32, "b", reason="跳过", actor=ADMIN, now=T0
        )


def test_a_move_to_where_the_next_step_fails_changes_nothing(session: Session, context: Context) -> None:
    one = stuck(session, context)
    with pytest.raises(Conflict, match="“x”出错"):
        move(session, context, "a", "x")
    session.rollback()
    assert (open_elements(session), history(session, one, "incident.moved")) == (["a"], [])
    assert incident(session).status == "open"


# ---------------------------------------------------------------- the instance


def test_a_cancelled_instance_leaves_nothing_open(
    published: Session, context: Context, instance_id: str
) -> None:
    """Tasks, deadline, timers, subscriptions and what runs inside end; its variables can still be read."""
    write = open_task(published, "ut_write")
    engine.task.complete(published, context, write.id, {}, actor=CLERK, now=T0)
    check = open_task(published, "ut_check")
    with pytest.raises(engine.errors.StepFailed):
        engine.task.complete(published, context, check.id, {}, actor=LEAD, now=T0)
    published.commit()
    id = incident(published).id
    engine.incident.cancel_instance(published, context, id, reason="重复立案", actor=ADMIN, now=T0)
    published.commit()
    published.expire_all()
    assert status(published, instance_id) == "terminated"
    assert open_elements(published) == []
    assert published.scalars(select(Deadline.status)).all() == ["cancelled"]
    assert published.scalars(select(Subscription)).all() == []
    assert variables(published, context, instance_id, T0)["accepted_on"] == "2026-02-27"
    assert payload(published, instance_id, "incident.instance_cancelled")["reason"] == "重复立案"
    assert published.scalars(select(Incident.resolution)).all() == ["cancelled"]
    assert list(verify_all(published)) == []


def test_timers_and_all_other_incidents_of_the_instance_end_too(session: Session, context: Context) -> None:
    timer = "<timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition>"
    both = f'<parallelGateway id="g"/>{catch("t", timer)}{user("a2")}{SCRIPT.replace("x", "y", 1)}'
    publish(session, FAILS + both, "s > g; g > a; g > a2; g > t; t > e; a2 > y; y > e; " + LINES[7:])
    one = begin(session, context, total=9, people=0)
    complete(session, context, "a")
    complete(session, context, "a2")
    first, second = session.scalars(select(Incident)).all()
    engine.incident.cancel_instance(session, context, first.id, reason="重复", actor=ADMIN, now=T0)
    session.commit()
    session.expire_all()
    assert (status(session, one), second.status) == ("terminated", "resolved")
    assert session.scalars(select(Job.status)).all() == ["cancelled"]


def test_what_a_call_activity_runs_is_cancelled_with_its_caller(session: Session, context: Context) -> None:
    publish(session, START + END + user("i") + catch("w", NOTE), "s > i; i > w; w > e", id="called")
    call = '<callActivity id="call" calledElement="called"/>'
    inner = block("sub", START.replace('"s"', '"s2"') + call, "s2 > call")
    publish(
        session, FAILS + inner + '<parallelGateway id="g"/>', "s > g; g > a; g > sub; sub > e; " + LINES[7:]
    )
    one = begin(session, context, total=9, people=0)
    complete(session, context, "i")
    complete(session, context, "a")
    assert len(session.scalars(select(Subscription)).all()) == 1
    engine.incident.cancel_instance(
        session, context, incident(session).id, reason="重复", actor=ADMIN, now=T0
    )
    session.commit()
    assert status(session, one) == "terminated"
    assert (open_elements(session), session.scalars(select(Subscription)).all()) == ([], [])


def test_an_instance_that_never_began_can_be_cancelled(session: Session, context: Context) -> None:
    publish(session, START + END + SCRIPT, "s > x; x > e")
    one = begin(session, context, total=1, people=0)
    assert engine.incident.possible_moves(session, context, incident(session), T0) == []
    engine.incident.cancel_instance(
        session, context, incident(session).id, reason="数据全错", actor=ADMIN, now=T0
    )
    session.commit()
    assert status(session, one) == "terminated"
    assert session.get_one(Instance, one).ended_at == T0


def test_nobody_else_may_cancel(session: Session, context: Context) -> None:
    one = stuck(session, context)
    with pytest.raises(NotAllowed):
        engine.incident.cancel_instance(
            session, context, incident(session).id, reason="不想办", actor=LEAD, now=T0
        )
    assert status(session, one) == "active"


def test_an_incident_is_closed_once(session: Session, context: Context) -> None:
    one = stuck(session, context)
    id = incident(session).id
    engine.incident.resolve(session, context, id, reason="线下处理", actor=ADMIN, now=T0)
    session.commit()
    for act in (engine.incident.resolve, engine.incident.retry, engine.incident.cancel_instance):
        with pytest.raises(Conflict, match="已由 admin 处理"):
            act(session, context, id, reason="再来", actor=ADMIN, now=T0)
    assert payload(session, one, "incident.resolved")["reason"] == "线下处理"
