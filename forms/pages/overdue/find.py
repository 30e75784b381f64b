"""Open tasks past or near their deadline, narrowed by the hook to what the person may see in lists."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from engine.deadline.calendar import WorkCalendar
from engine.deadline.shanghai import date_of
from engine.deadline.workdays import remaining_workdays
from engine.store.tables import Deadline, Instance, Task
from engine.store.tables.task import OPEN
from forms.due import DueView, due_view
from forms.pages.case.panel import who_has
from forms.pages.overdue.standing import Standing, standings
from forms.signed_in import Person
from supervision.case.table import Case
from supervision.organisation.units import unit_name

HANDLERS = {"DCS": "督查室", "QZB": "区政府办公室", "UP": "上级机关联络"}
AT_MOST = 500


@dataclass(frozen=True)
class Late:
    """One open task. `days` are working days over; 0 while it is only amber. `stands` is None where no
    deadline row tells: its ladder is not known.
    """

    task: Task
    case: Case | None
    title: str
    unit: str
    who: str
    due: DueView
    days: int
    stands: Standing | None


@dataclass(frozen=True)
class Total:
    """Sums of one unit."""

    unit: str
    red: int
    amber: int
    worst: int


def find_late(
    session: Session, calendar: WorkCalendar, person: Person, now: datetime, *, amber_too: bool
) -> list[Late]:
    """The most overdue first. What is suspended is late with nothing."""
    late = Task.due_at <= now
    near = and_(Task.due_at > now, Task.amber_on <= date_of(now))
    rows = session.execute(
        select(Task, Case, Instance.title, Deadline)
        .join(Instance, Instance.id == Task.instance_id)
        .outerjoin(Case, Case.instance_id == Task.instance_id)
        .outerjoin(Deadline, Deadline.id == Task.deadline_id)
        .where(Task.status == OPEN, or_(late, near) if amber_too else late)
        .order_by(Task.due_at, Task.id)
        .limit(AT_MOST)
    ).all()
    stands = standings(session, [(task, row) for task, _, _, row in rows], person, now)
    return [
        _line(session, calendar, now, task, case, title, row, stands.get(task.id))
        for task, case, title, row in rows
    ]


def _line(
    session: Session, calendar: WorkCalendar, now: datetime, task: Task, case: Case | None, title: str,
    row: Deadline | None, stands: Standing | None,
) -> Late:  # fmt: skip
    assert task.due_on is not None  # the query asked for tasks with a deadline
    over = max(0, -remaining_workdays(calendar, date_of(now), task.due_on))
    unit = unit_name(session, task.unit_code) or HANDLERS.get(case.handler if case else "DCS", "督查室")
    number = case.number if case else ""
    return Late(
        task, case, title.removeprefix(number).strip() or title, unit, who_has(session, task),
        due_view(task, calendar, now, start_on=row.start_on if row else None), over, stands,
    )  # fmt: skip


def totals(lines: Sequence[Late]) -> list[Total]:
    """Per unit, the one with most overdue first."""
    units: dict[str, list[Late]] = {}
    for line in lines:
        units.setdefault(line.unit, []).append(line)
    sums = [
        Total(
            unit,
            sum(line.due.light == "red" for line in found),
            sum(line.due.light == "amber" for line in found),
            max(line.days for line in found),
        )
        for unit, found in units.items()
    ]
    return sorted(sums, key=lambda total: (-total.red, -total.worst, -total.amber, total.unit))
