"""延期、重新起算: task and timer move along, and the period's next task goes on where the last one was."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.deadline.rule import RuleSet
from engine.deadline.verify import verify
from engine.errors import DeadlineClosed, InvalidData, NotFound
from engine.instance import Context
from engine.instance.course import counted
from engine.store.tables import Deadline, RuleVersion
from tests.unit.bpmn import drawn
from tests.unit.bpmn.drawn import END, START

from .clocks import TIMER, Clock, D, at, handling_case, under
from .conftest import PROCESSES, T0, open_task
from .village import begin, complete, publish, user


@pytest.fixture
def clocks(session: Session, context: Context) -> Clock:
    return Clock(session, context)


@pytest.fixture
def handling(clocks: Clock) -> str:
    return handling_case(clocks)


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


def test_rules_that_change_meanwhile_leave_the_period_as_it_began(clocks: Clock) -> None:
    text = (PROCESSES / "deadlines.toml").read_text()
    old = clocks.context.rules(clocks.session)
    clocks.session.add(RuleVersion(digest=old.version, content=text, published_at=T0, published_by="owner"))
    steps = START + END + under("CP-HANDLE") + under("CP-HANDLE", "b") + under("CP-HANDLE", "c")
    publish(clocks.session, steps, "s > a; a > b; b > c; c > e")
    begin(clocks.session, clocks.context, since="2026-02-27")
    shorter = RuleSet({**old, "CP-HANDLE": replace(old["CP-HANDLE"], value=5)}, "another")
    clocks.context = replace(clocks.context, rules=lambda session: shorter)
    # when it is suspended, resumed and goes on with the next task under rules of five days
    clocks.suspend("2026-03-04T10:00")
    clocks.resume("2026-03-11T16:00")
    complete(clocks.session, clocks.context, "a", at("2026-03-12T10:00"))
    row = clocks.row()
    assert (row.name, row.due_on, row.rule_version) == ("b", D("2026-03-26"), old.version)
    # but a period that begins on another day begins under them
    complete(clocks.session, clocks.context, "b", at("2026-03-13T10:00"), since="2026-03-13")
    row = clocks.row()
    assert (row.name, row.due_on, row.rule_version) == ("c", D("2026-03-20"), "another")


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


def test_a_restart_lets_go_of_extension_and_pause_and_moves_the_timer(clocks: Clock, handling: str) -> None:
    clocks.extend("2026-03-02T10:00")
    clocks.suspend("2026-03-04T10:00")
    clocks.resume("2026-03-11T16:00")
    clocks.restart(handling, "CP-HANDLE", "2026-03-16T10:00", "2026-03-13")
    row = clocks.row()
    assert (row.start_on, row.due_on, row.extensions) == (D("2026-03-13"), D("2026-04-03"), 0)
    assert clocks.armed() == [row.due_at]
    proof = counted(clocks.session, clocks.context, row).proof
    assert (proof["pauses"], proof["extensions"], len(proof["restarts"])) == ([], [], 1)
    assert verify(proof) == []
    assert clocks.extend("2026-03-17T10:00").extensions == 1  # the new period may be extended as the old one


def test_a_restart_ends_a_suspension(clocks: Clock, handling: str) -> None:
    clocks.suspend("2026-03-04T10:00")
    clocks.restart(handling, "CP-HANDLE", "2026-03-16T10:00", "2026-03-16")
    row = clocks.row()
    assert (row.status, row.due_on) == ("running", D("2026-04-07"))
    assert clocks.armed() == [row.due_at]


def test_where_the_period_had_ended_its_next_task_tells_what_it_follows(clocks: Clock) -> None:
    steps = START + END + under("CP-TRIAGE") + user("w") + under("CP-TRIAGE", "b")
    publish(clocks.session, steps, "s > a; a > w; w > b; b > e")
    instance_id = begin(clocks.session, clocks.context, since="2026-02-24")
    complete(clocks.session, clocks.context, "a", at("2026-02-27T10:00"))
    clocks.restart(instance_id, "CP-TRIAGE", "2026-03-09T10:00", "2026-03-09")
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
        clocks.restart(handling, "CP-TRIAGE", "2026-03-16T10:00", "2026-03-16")


def test_a_restart_is_not_to_come_and_not_earlier(clocks: Clock, handling: str) -> None:
    with pytest.raises(InvalidData, match="还没有到"):
        clocks.restart(handling, "CP-HANDLE", "2026-03-16T10:00", "2026-03-17")
    clocks.session.rollback()
    with pytest.raises(InvalidData, match="早于原来的起算日 2026-02-27"):
        clocks.restart(handling, "CP-HANDLE", "2026-03-16T10:00", "2026-02-26")
