"""中止、恢复: a suspended period has no day, nothing fires or finishes it, and all is on record."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

import engine.task
from engine.deadline.verify import verify
from engine.errors import Conflict, DeadlineClosed, InvalidData
from engine.instance import Context, clock
from engine.instance.advance import advance
from engine.instance.commands import Cancel
from engine.instance.course import counted
from engine.instance.follow import Work
from engine.store.tables import Deadline, DeadlineEvent, Task
from tests.unit.bpmn import drawn
from tests.unit.bpmn.drawn import END, START

from .clocks import LEAD, Clock, D, at, handling_case, under
from .conftest import CLERK, open_task
from .village import begin, complete, history, publish, pump, status


@pytest.fixture
def clocks(session: Session, context: Context) -> Clock:
    return Clock(session, context)


@pytest.fixture
def handling(clocks: Clock) -> str:
    return handling_case(clocks)


def test_a_suspended_period_has_no_day_and_its_timer_waits(clocks: Clock, handling: str) -> None:
    row = clocks.suspend("2026-03-04T10:00", clause="S:XXGK art.32")
    task = open_task(clocks.session, "a")
    assert row.status == "suspended"
    assert (task.due_on, task.due_at, task.amber_on, task.deadline_id) == (None, None, None, row.id)
    assert pump(clocks.session, clocks.context, at("2026-12-31T10:00")) == 0
    assert [task.element_id for task in clocks.session.scalars(select(Task))] == ["a"]


def test_a_task_shows_the_period_around_its_suspended_one(clocks: Clock) -> None:
    around = drawn.extensions(deadline="CP-XF", deadlineStart="since")
    block = drawn.block("b", around + under("CP-HANDLE"), "")
    publish(clocks.session, START + END + block, "s > b; b > e")
    begin(clocks.session, clocks.context, since="2026-02-27")
    clocks.suspend("2026-03-04T10:00")
    outer = clocks.row("CP-XF")
    task = open_task(clocks.session, "a")
    assert (task.deadline_id, task.due_on) == (outer.id, D("2026-04-28"))
    row = clocks.resume("2026-03-11T16:00")
    task = open_task(clocks.session, "a")
    assert (task.deadline_id, task.due_on) == (row.id, row.due_on)


def test_resumed_it_ends_later_by_what_did_not_count_and_the_timer_with_it(
    clocks: Clock, handling: str
) -> None:
    clocks.suspend("2026-03-04T10:00")
    row = clocks.resume("2026-03-11T16:00")  # 03-05 … 03-11 do not count: five working days
    task = open_task(clocks.session, "a")
    assert (row.status, row.due_on, row.amber_on) == ("running", D("2026-03-26"), D("2026-03-23"))
    assert (task.due_on, task.due_at, task.amber_on) == (row.due_on, row.due_at, row.amber_on)
    assert clocks.armed() == [row.due_at]
    assert pump(clocks.session, clocks.context, at("2026-03-26T23:59")) == 0
    assert pump(clocks.session, clocks.context, at("2026-03-27T00:00")) == 1
    assert open_task(clocks.session, "late")


def test_both_are_on_record_with_person_reason_and_clause(clocks: Clock, handling: str) -> None:
    clocks.suspend("2026-03-04T10:00", clause="S:XXGK art.32", remark="征求丙公司意见")
    row = clocks.resume("2026-03-11T16:00", reason="丙公司已答复")
    assert clocks.kinds(row) == ["start", "suspend", "resume"]
    events = clocks.session.scalars(select(DeadlineEvent).where(DeadlineEvent.deadline_id == row.id)).all()
    assert events[1].detail == {
        "on": "2026-03-04", "reason": "第三方意见", "clause": "S:XXGK art.32", "remark": "征求丙公司意见",
        "by": "李强", "from": "2026-03-19", "to": "2026-03-19",
    }  # fmt: skip
    entries = history(clocks.session, handling, "deadline.%")
    assert [(entry.kind, entry.actor) for entry in entries] == [
        ("deadline.suspended", "lead"),
        ("deadline.resumed", "lead"),
    ]


def test_the_proof_of_the_row_leads_to_its_day_and_holds(clocks: Clock, handling: str) -> None:
    clocks.extend("2026-03-02T10:00")
    clocks.suspend("2026-03-04T10:00", clause="S:XXGK art.32")
    row = clocks.resume("2026-03-11T16:00")
    due = counted(clocks.session, clocks.context, row)
    assert due.due_on == row.due_on == D("2026-04-10")
    assert "2026-03-04（周三）中止（第三方意见；依据S:XXGK art.32；李强），" in "".join(due.proof["text"])
    assert due.proof["extensions"][0]["by"] == "李强"
    assert verify(due.proof) == []


def test_a_day_in_the_past_may_be_given_for_both(clocks: Clock, handling: str) -> None:
    clocks.suspend("2026-03-06T10:00", on=D("2026-03-04"))
    row = clocks.resume("2026-03-13T16:00", on=D("2026-03-11"))
    assert row.due_on == D("2026-03-26")


def refused(clocks: Clock, act: Any, when: str, how: dict[str, Any], sentence: str) -> None:
    with pytest.raises((Conflict, InvalidData), match=sentence):
        clocks.do(act, when, **how)
    clocks.session.rollback()


def test_what_cannot_be_is_refused_with_a_sentence(clocks: Clock, handling: str) -> None:
    late, day, stop = "2026-03-20T00:00", "2026-03-04T10:00", {"reason": "中止"}
    longer = {"days": 5, "reason": "-"}
    refused(clocks, clock.suspend, late, stop, "已于 2026-03-19（周四）24:00 届满，届满后不能中止")
    refused(clocks, clock.suspend, day, {"reason": " "}, "请写明中止的事由")
    refused(clocks, clock.suspend, day, stop | {"on": D("2026-03-05")}, "还没有到，请更正")
    refused(clocks, clock.suspend, day, stop | {"on": D("2026-02-26")}, "早于起算日 2026-02-27")
    refused(clocks, clock.resume, day, {}, "“a”的期限没有中止，不需要恢复")
    refused(clocks, clock.extend, late, longer, "届满后不能延期")
    refused(clocks, clock.extend, day, longer | {"days": 11}, "每次延期应为 1 至 10 个工作日的整数")
    assert (clocks.row().due_on, clocks.row().status) == (D("2026-03-19"), "running")


def test_a_suspended_period_can_only_be_resumed(clocks: Clock, handling: str) -> None:
    clocks.suspend("2026-03-04T10:00")
    day, longer = "2026-03-06T10:00", {"days": 5, "reason": "-"}
    again = "起中止（第三方意见），已经中止，不能再次中止；请先恢复计时"
    refused(clocks, clock.suspend, day, {"reason": "中止"}, again)
    refused(clocks, clock.extend, day, longer, "中止期间不能延期；请先恢复计时")
    refused(clocks, clock.resume, day, {"on": D("2026-03-03")}, "早于中止的日期 2026-03-04（周三）")
    refused(clocks, clock.resume, day, {"on": D("2026-03-09")}, "恢复的日期 2026-03-09（周一）还没有到")


def test_a_second_suspension_does_not_reach_into_the_first(clocks: Clock, handling: str) -> None:
    clocks.suspend("2026-03-04T10:00")
    clocks.resume("2026-03-11T16:00")
    with pytest.raises(InvalidData, match="早于上次恢复的日期 2026-03-11（周三）"):
        clocks.suspend("2026-03-12T10:00", on=D("2026-03-10"))


def test_a_fixed_date_cannot_be_suspended(clocks: Clock) -> None:
    publish(clocks.session, START + END + under("YR-UNIT"), "s > a; a > e")
    begin(clocks.session, clocks.context, since="2026-01-05")
    with pytest.raises(DeadlineClosed, match="固定日期"):
        clocks.do(clock.suspend, "2026-01-06T10:00", "YR-UNIT", reason="中止")


def test_nobody_finishes_what_is_suspended(clocks: Clock, handling: str) -> None:
    clocks.suspend("2026-03-04T10:00")
    task_id, now = open_task(clocks.session, "a").id, at("2026-03-05T10:00")
    with pytest.raises(Conflict, match="起中止（第三方意见），请先恢复计时，再提交"):
        engine.task.complete(clocks.session, clocks.context, task_id, {}, actor=CLERK, now=now)
    clocks.session.rollback()
    assert open_task(clocks.session, "a")
    clocks.resume("2026-03-05T11:00")
    assert complete(clocks.session, clocks.context, "a", at("2026-03-05T12:00"))
    assert status(clocks.session, handling) == "completed"


def test_a_case_that_is_cancelled_ends_the_suspension_with_the_period(clocks: Clock, handling: str) -> None:
    row = clocks.suspend("2026-03-04T10:00")
    now = at("2026-03-09T10:00")
    advance(clocks.session, clocks.context, Work(handling, Cancel()), actor=LEAD, now=now)
    clocks.session.commit()
    clocks.session.expire_all()
    assert clocks.kinds(row) == ["start", "suspend", "resume", "cancel"]
    assert clocks.session.get_one(Deadline, row.id).status == "cancelled"
    assert clocks.armed() == []
