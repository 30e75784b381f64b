"""Which open tasks a person has: one set of conditions for the list, its tabs and its tiles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy import case as when
from sqlalchemy.orm import Session

from engine.actor import Actor
from engine.deadline.shanghai import date_of
from engine.store.tables import Deadline, Instance, Task
from engine.store.tables.task import OPEN
from engine.task import candidate_condition
from forms.pages.inbox.cursor import FAR, PAGE, after, encode
from supervision.case.table import Case
from supervision.notice.naming import number_of

TABS = {"all": "全部", "overdue": "已逾期", "soon": "即将到期", "unclaimed": "待签收"}


@dataclass(frozen=True)
class Line:
    """One row of the inbox."""

    task: Task
    case: Case | None
    title: str
    number: str
    start_on: date | None


@dataclass(frozen=True)
class Found:
    """A page of rows and the cursor of the next; '' at the end."""

    lines: Sequence[Line]
    next: str


@dataclass(frozen=True)
class Counts:
    """Numbers of the tabs and tiles; `today` are those due on this very day."""

    all: int = 0
    overdue: int = 0
    soon: int = 0
    unclaimed: int = 0
    today: int = 0


def mine(actor: Actor) -> ColumnElement[bool]:
    """Open tasks the actor has claimed, or could claim and nobody has."""
    free = and_(Task.assignee.is_(None), candidate_condition(actor))
    return and_(Task.status == OPEN, or_(Task.assignee == actor.login, free))


def in_tab(tab: str, now: datetime) -> ColumnElement[bool]:
    """The condition of a tab; an unknown one means all."""
    match tab:
        case "overdue":
            return Task.due_at <= now
        case "soon":
            return and_(Task.due_at > now, Task.amber_on <= date_of(now))
        case "unclaimed":
            return Task.assignee.is_(None)
    return Task.id.is_not(None)


def count(session: Session, actor: Actor, now: datetime) -> Counts:
    """All numbers in one query."""

    def number(condition: ColumnElement[bool]) -> ColumnElement[int]:
        return func.coalesce(func.sum(when((condition, 1), else_=0)), 0)

    row = session.execute(
        select(
            func.count(Task.id),
            number(in_tab("overdue", now)),
            number(in_tab("soon", now)),
            number(in_tab("unclaimed", now)),
            number(Task.due_on == date_of(now)),
        ).where(mine(actor))
    ).one()
    return Counts(*row)


def find(session: Session, actor: Actor, now: datetime, *, tab: str, words: str, cursor: str) -> Found:
    """The most urgent first; what has no deadline comes last."""
    due = func.coalesce(Task.due_at, FAR)
    query = (
        select(Task, Case, Instance.title, Instance.business_key, Deadline.start_on)
        .join(Instance, Instance.id == Task.instance_id)
        .outerjoin(Case, Case.instance_id == Task.instance_id)
        .outerjoin(Deadline, Deadline.id == Task.deadline_id)
        .where(mine(actor), in_tab(tab, now), *matching(words))
        .order_by(due, Task.id)
        .limit(PAGE + 1)
    )
    behind = after(cursor, due, Task.id)
    rows = session.execute(query if behind is None else query.where(behind)).all()
    lines = [
        Line(task, case, title, case.number if case else number_of(key), start_on)
        for task, case, title, key, start_on in rows[:PAGE]
    ]
    more = len(rows) > PAGE
    return Found(lines, encode(lines[-1].task.due_at, lines[-1].task.id) if more else "")


def matching(words: str) -> list[ColumnElement[bool]]:
    """Every word has to be in number, title, summary, unit or step; it is taken literally."""
    fields = (
        Case.number,
        Instance.title,
        Case.extract,
        Case.target_unit_name,
        Task.name,
        Instance.business_key,
    )
    return [or_(*(field.icontains(word, autoescape=True) for field in fields)) for word in words.split()[:5]]
