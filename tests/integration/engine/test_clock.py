"""延期、中止、恢复、重新起算: the row, its tasks and its timer move together, and each is on record."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

import engine.task
from engine.actor import Actor
from engine.deadline.verify import verify
from engine.errors import Conflict, DeadlineClosed, InvalidData, NotFound
from engine.instance import Context, clock
from engine.instance.advance import advance
from engine.instance.commands import Cancel
from engine.instance.course import counted
from engine.instance.follow import Work
from engine.store.tables import Deadline, DeadlineEvent, Job, Task
from tests.unit.bpmn import drawn
from tests.unit.bpmn.drawn import END, START

from .conftest import CLERK, open_task
from .village import begin, complete, history, publish, pump, status, user

LEAD = Actor("lead", "李强", frozenset({("LEAD", "")}))
D = date.fromisoformat


def at(text: str) -> datetime:
    """Beijing time."""
    return datetime.fromisoformat(f"{text}+08:00").astimezone(UTC)


def under(key: str, id: str = "a") -> str:
    """A task of the clerks under a rule, begun where the variable `since` says."""
    named = drawn.extensions(deadline=key, deadlineStart="since")
    return drawn.user(id, named, 'camunda:candidateGroups="CLERK"')


BOUND = (
    '<boundaryEvent id="t" attachedToRef="a"><timerEventDefinition>'
    "<timeDate>${due('CP-HANDLE', get('since'))}</timeDate></timerEventDefinition></boundaryEvent>"
)
TIMER = (
    '<intermediateCatchEvent id="t" name="补正期满"><timerEventDefinition>'
    "<timeDate>${due('CP-SUPP')}</timeDate></timerEventDefinition></intermediateCatchEvent>"
)


class Clock:
    """The one period that runs, and what the lead does with it at a moment of Beijing."""

    def __init__(self, session: Session, context: Context) -> None:
        self.session, self.context = session, context

    def row(self, key: str = "CP-HANDLE") -> Deadline:
        self.session.expire_all()
        rows = self.session.scalars(
            select(Deadline).where(Deadline.key == key, Deadline.status.in_(("running", "suspended")))
        ).all()
        return min(rows, key=lambda row: row.name != "a")

    def do(self, act: Callable[..., clock.Moved], when: str, key: str = "CP-HANDLE", **how: Any) -> Deadline:
        now = at(when)
        moved = act(self.session, self.context, self.row(key).id, **how, actor=LEAD, now=now)
        for work in moved.after:
            advance(self.session, self.context, work, actor=LEAD, now=now)
        self.session.commit()
        return self.session.get_one(Deadline, moved.row.id)

    def suspend(self, when: str, **how: Any) -> Deadline:
        return self.do(clock.suspend, when, **{"reason": "第三方意见", **how})

    def resume(self, when: str, **how: Any) -> Deadline:
        return self.do(clock.resume, when, **how)

    def extend(self, when: str, days: int = 10, **how: Any) -> Deadline:
        return self.do(clock.extend, when, days=days, reason="调取档案", **how)

    def armed(self) -> list[datetime]:
        jobs = select(Job.due_at).where(Job.kind == "timer", Job.status == "ready")
        return list(self.session.scalars(jobs.order_by(Job.due_at)))

    def kinds(self, row: Deadline) -> list[str]:
        events = select(DeadlineEvent.kind).where(DeadlineEvent.deadline_id == row.id)
        return list(self.session.scalars(events.order_by(DeadlineEvent.seq)))


@pytest.fixture
def clocks(session: Session, context: Context) -> Clock:
    return Clock(session, context)


@pytest.fixture
def handling(clocks: Clock) -> str:
    """A task under CP-HANDLE (15 wd, +10 wd once) from Friday 2026-02-27, with a timer of the same period."""
    elements = START + END + under("CP-HANDLE") + BOUND + user("late")
    publish(clocks.session, elements, "s > a; a > e; t > late; late > e")
    return begin(clocks.session, clocks.context, since="2026-02-27")


# ------------------------------------------------------------------ 中止, 恢复


def test_a_suspended_period_has_no_day_and_its_timer_waits(clocks: Clock, handling: str) -> None:
    row = clocks.suspend("2026-03-04T10:00", clause="S:XXGK art.32")
    task = open_task(clocks.session, "a")
    assert row.status == "suspended"
    assert (task.due_on, task.due_at, task.amber_on, task.deadline_id) == (None, None, None, row.id)
    assert pump(clocks.session, clocks.context, at("2026-12-31T10:00")) == 0
    assert [task.element_id for task in clocks.session.scalars(select(Task))] == ["a"]


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


# ------------------------------------------------------------------ 延期


def test_an_extension_moves_task_and_timer(clocks: Clock, handling: str) -> None:
    row = clocks.extend("2026-03-04T10:00")
    assert row.due_on == D("2026-04-02")
    assert (open_task(clocks.session, "a").due_at, clocks.armed()) == (row.due_at, [row.due_at])
    both = clocks.session.scalars(select(Deadline.due_on)).all()
    assert both == [D("2026-04-02")] * 2


def test_a_timer_without_task_is_extended_too(clocks: Clock) -> None:
    publish(clocks.session, START + END + TIMER + user("b"), "s > t; t > b; b > e")
    begin(clocks.session, clocks.context)
    row = clocks.extend("2026-03-02T10:00", 5, key="CP-SUPP")
    assert row.due_on == D("2026-03-19")
    assert clocks.armed() == [row.due_at]


def test_what_befell_a_period_goes_on_with_its_next_task(clocks: Clock) -> None:
    steps = START + END + under("CP-HANDLE") + under("CP-HANDLE", "b")
    publish(clocks.session, steps, "s > a; a > b; b > e")
    begin(clocks.session, clocks.context, since="2026-02-27")
    clocks.extend("2026-03-02T10:00")
    clocks.suspend("2026-03-04T10:00")
    first = clocks.resume("2026-03-11T16:00").due_on
    complete(clocks.session, clocks.context, "a", at("2026-03-12T10:00"))
    row = clocks.row()
    assert (row.name, row.due_on, row.extensions, row.extended_by) == ("b", first, 1, 10)
    assert open_task(clocks.session, "b").due_on == first
    with pytest.raises(DeadlineClosed, match="最多延期 1 次"):
        clocks.extend("2026-03-13T10:00")


def test_a_timer_that_is_armed_under_an_extended_block_fires_with_it(clocks: Clock) -> None:
    named = drawn.extensions(deadline="CP-HANDLE", deadlineStart="since")
    inner = user("x") + (
        '<intermediateCatchEvent id="w"><timerEventDefinition><timeDate>'
        "${due('CP-HANDLE', get('since'))}</timeDate></timerEventDefinition></intermediateCatchEvent>"
    )
    block = drawn.block("a", named + inner, "x > w")
    publish(clocks.session, START + END + block, "s > a; a > e")
    begin(clocks.session, clocks.context, since="2026-02-27")
    clocks.extend("2026-03-02T10:00")
    complete(clocks.session, clocks.context, "x", at("2026-03-03T10:00"))
    assert clocks.armed() == [at("2026-04-03T00:00")]


# ------------------------------------------------------------------ 重新起算


def restart(clocks: Clock, instance_id: str, key: str, when: str, start_on: str) -> None:
    now = at(when)
    for work in clock.restart(
        clocks.session, clocks.context, instance_id, key, start_on=D(start_on), reason="补正",
        clause="S:XXGK art.30", actor=LEAD, now=now,
    ):  # fmt: skip
        advance(clocks.session, clocks.context, work, actor=LEAD, now=now)
    clocks.session.commit()


def test_a_restart_lets_go_of_extension_and_pause_and_moves_the_timer(clocks: Clock, handling: str) -> None:
    clocks.extend("2026-03-02T10:00")
    clocks.suspend("2026-03-04T10:00")
    clocks.resume("2026-03-11T16:00")
    restart(clocks, handling, "CP-HANDLE", "2026-03-16T10:00", "2026-03-13")
    row = clocks.row()
    assert (row.start_on, row.due_on, row.extensions) == (D("2026-03-13"), D("2026-04-03"), 0)
    assert clocks.armed() == [row.due_at]
    proof = counted(clocks.session, clocks.context, row).proof
    assert (proof["pauses"], proof["extensions"], len(proof["restarts"])) == ([], [], 1)
    assert verify(proof) == []
    assert clocks.extend("2026-03-17T10:00").extensions == 1  # the new period may be extended as the old one


def test_a_restart_ends_a_suspension(clocks: Clock, handling: str) -> None:
    clocks.suspend("2026-03-04T10:00")
    restart(clocks, handling, "CP-HANDLE", "2026-03-16T10:00", "2026-03-16")
    row = clocks.row()
    assert (row.status, row.due_on) == ("running", D("2026-04-07"))
    assert clocks.armed() == [row.due_at]


def test_where_the_period_had_ended_its_next_task_tells_what_it_follows(clocks: Clock) -> None:
    steps = START + END + under("CP-TRIAGE") + user("w") + under("CP-TRIAGE", "b")
    publish(clocks.session, steps, "s > a; a > w; w > b; b > e")
    instance_id = begin(clocks.session, clocks.context, since="2026-02-24")
    complete(clocks.session, clocks.context, "a", at("2026-02-27T10:00"))
    restart(clocks, instance_id, "CP-TRIAGE", "2026-03-09T10:00", "2026-03-09")
    complete(clocks.session, clocks.context, "w", at("2026-03-09T11:00"), since="2026-03-09")
    row = clocks.row("CP-TRIAGE")
    proof = counted(clocks.session, clocks.context, row).proof
    assert (row.due_on, proof["restarts"]) == (
        D("2026-03-16"),
        [
            {
                "on": "2026-03-09", "was_start_on": "2026-02-24", "was_due_on": "2026-03-02",
                "start_on": "2026-03-09", "reason": "补正", "clause": "S:XXGK art.30", "by": "李强",
            }
        ],
    )  # fmt: skip
    assert verify(proof) == []


def test_a_period_the_case_never_had_cannot_be_restarted(clocks: Clock, handling: str) -> None:
    with pytest.raises(NotFound, match="没有过期限 CP-TRIAGE"):
        restart(clocks, handling, "CP-TRIAGE", "2026-03-16T10:00", "2026-03-16")


def test_a_restart_is_not_to_come_and_not_earlier(clocks: Clock, handling: str) -> None:
    with pytest.raises(InvalidData, match="还没有到"):
        restart(clocks, handling, "CP-HANDLE", "2026-03-16T10:00", "2026-03-17")
    clocks.session.rollback()
    with pytest.raises(InvalidData, match="早于原来的起算日 2026-02-27"):
        restart(clocks, handling, "CP-HANDLE", "2026-03-16T10:00", "2026-02-26")
