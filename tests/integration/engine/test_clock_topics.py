"""Service tasks that stop a clock of their own instance: the timer waits from the same transaction on."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy.orm import Session

from engine.instance import Context
from supervision.deadlines.clock_topics import topics
from supervision.document.template import Templates
from supervision.house import House
from supervision.identity.key import Keys
from tests.unit.bpmn import drawn
from tests.unit.bpmn.drawn import END, START

from .clocks import BOUND, Clock, D, at
from .conftest import PROCESSES, open_elements, open_task
from .village import begin, complete, incident, publish, user


@pytest.fixture
def drawn_clock(session: Session, context: Context) -> Clock:
    house = House(Keys("", {}), Templates(PROCESSES), context.rules, context.calendar)
    return Clock(session, replace(context, topics=topics(house)))


def service(id: str, topic: str, **properties: str) -> str:
    return (
        f'<serviceTask id="{id}" name="{id}" camunda:type="external" camunda:topic="{topic}">'
        f"{drawn.extensions(**properties)}</serviceTask>"
    )


def handling(**suspending: str) -> str:
    """A block under CP-HANDLE with its timer: work, ask a third party, wait for it, go on."""
    inside = (
        drawn.extensions(deadline="CP-HANDLE", deadlineStart="since") + user("x")
        + service("stop", "deadline.suspend", **suspending) + user("y")
        + service("go", "deadline.resume", rule="CP-HANDLE") + user("z")
    )  # fmt: skip
    block = drawn.block("a", inside, "x > stop; stop > y; y > go; go > z")
    return START + END + block + BOUND + user("late")


FLOWS = "s > a; a > e; t > late; late > e"


def test_a_diagram_stops_its_clock_and_starts_it_again(drawn_clock: Clock) -> None:
    session, context = drawn_clock.session, drawn_clock.context
    publish(session, handling(rule="CP-HANDLE", reason="第三方意见"), FLOWS)
    begin(session, context, since="2026-02-27")
    complete(session, context, "x", at("2026-03-04T10:00"))
    row = drawn_clock.row()
    assert (row.status, open_task(session, "y").due_on) == ("suspended", None)
    assert all(instant.year == 9000 for instant in drawn_clock.armed())
    # a person's step inside the block goes on; it does not finish what is suspended
    complete(session, context, "y", at("2026-03-11T16:00"))
    row = drawn_clock.row()
    assert (row.status, row.due_on, open_task(session, "z").due_on) == (
        "running",
        D("2026-03-26"),
        D("2026-03-26"),
    )
    assert drawn_clock.armed() == [row.due_at]


@pytest.mark.parametrize(
    ("properties", "sentence"),
    [
        ({"reason": "中止"}, "请在节点的属性 rule 里写明是哪条期限规则"),
        ({"rule": "CP-TRIAGE"}, "本案现在没有期限 CP-TRIAGE"),
    ],
)
def test_what_the_diagram_got_wrong_is_an_incident_that_says_so(
    drawn_clock: Clock, properties: dict[str, str], sentence: str
) -> None:
    session, context = drawn_clock.session, drawn_clock.context
    publish(session, handling(**properties), FLOWS)
    begin(session, context, since="2026-02-27")
    assert not complete(session, context, "x", at("2026-03-04T10:00"))
    assert sentence in incident(session).message
    assert (open_elements(session), drawn_clock.row().status) == (["x"], "running")
