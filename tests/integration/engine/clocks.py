"""Diagrams with periods, and what a lead does with the period that runs, at moments of Beijing time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.actor import Actor
from engine.instance import Context, clock
from engine.instance.advance import advance
from engine.store.tables import Deadline, DeadlineEvent, Job
from tests.unit.bpmn import drawn
from tests.unit.bpmn.drawn import END, START

from .village import begin, publish, user

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

    def restart(self, instance_id: str, key: str, when: str, start_on: str) -> None:
        now = at(when)
        for work in clock.restart(
            self.session, self.context, instance_id, key, start_on=D(start_on), reason="补正",
            clause="S:XXGK art.30", actor=LEAD, now=now,
        ):  # fmt: skip
            advance(self.session, self.context, work, actor=LEAD, now=now)
        self.session.commit()

    def armed(self) -> list[datetime]:
        jobs = select(Job.due_at).where(Job.kind == "timer", Job.status == "ready")
        return list(self.session.scalars(jobs.order_by(Job.due_at)))

    def kinds(self, row: Deadline) -> list[str]:
        events = select(DeadlineEvent.kind).where(DeadlineEvent.deadline_id == row.id)
        return list(self.session.scalars(events.order_by(DeadlineEvent.seq)))


def handling_case(clocks: Clock) -> str:
    """A task under CP-HANDLE (15 wd, +10 wd once) from Friday 2026-02-27, with a timer of the same period."""
    elements = START + END + under("CP-HANDLE") + BOUND + user("late")
    publish(clocks.session, elements, "s > a; a > e; t > late; late > e")
    return begin(clocks.session, clocks.context, since="2026-02-27")
