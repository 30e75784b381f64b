"""已办 and 我发起: what a person has done, and the cases they started."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from engine.actor import Actor
from engine.store.tables import Instance, Task
from forms.pages.inbox.cursor import FAR, PAGE, before, encode
from forms.pages.inbox.find import matching
from supervision.case.table import Case


@dataclass(frozen=True)
class Page:
    """Rows and the cursor of the next page."""

    rows: Sequence[Any]
    next: str


def done(session: Session, actor: Actor, *, words: str, cursor: str) -> Page:
    """Tasks the actor completed, the newest first: rows of (task, case, title)."""
    ended = func.coalesce(Task.ended_at, FAR)
    query = (
        select(Task, Case, Instance.title)
        .join(Instance, Instance.id == Task.instance_id)
        .outerjoin(Case, Case.instance_id == Task.instance_id)
        .where(Task.completed_by == actor.login, Task.status == "completed", *matching(words))
        .order_by(ended.desc(), Task.id.desc())
        .limit(PAGE + 1)
    )
    behind = before(cursor, ended, Task.id)
    rows = session.execute(query if behind is None else query.where(behind)).all()
    last = rows[PAGE - 1][0] if len(rows) > PAGE else None
    return Page(rows[:PAGE], encode(last.ended_at, last.id) if last else "")


def started(session: Session, actor: Actor, *, words: str, cursor: str) -> Page:
    """Instances the actor started, the newest first: rows of (instance, case)."""
    begun = func.coalesce(Instance.started_at, FAR)
    fields = (Case.number, Instance.title, Case.extract, Case.target_unit_name)
    literal = [or_(*(f.icontains(word, autoescape=True) for f in fields)) for word in words.split()[:5]]
    query = (
        select(Instance, Case)
        .outerjoin(Case, Case.instance_id == Instance.id)
        .where(Instance.started_by == actor.login, *literal)
        .order_by(begun.desc(), Instance.id.desc())
        .limit(PAGE + 1)
    )
    behind = before(cursor, begun, Instance.id)
    rows = session.execute(query if behind is None else query.where(behind)).all()
    last = rows[PAGE - 1][0] if len(rows) > PAGE else None
    return Page(rows[:PAGE], encode(last.started_at, last.id) if last else "")
