"""Tells people about a task that opened for them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from engine.store.base import table_of
from engine.store.prepared import Prepared
from engine.store.tables import Instance, Task, TaskCandidate
from supervision.notice.notify import holders, notify
from supervision.organisation.units import inner_organ, unit_name

_table = table_of(TaskCandidate)
_candidates = Prepared(
    select(_table.c.kind, _table.c.value, _table.c.unit_code).where(_table.c.task_id == bindparam("of"))
)


def task_opened(session: Session, task: Task, instance: Instance, now: datetime) -> None:
    """Its assignee, or everybody who may claim it. The title of a case holds number, type and unit only."""
    text = f"新任务：{task.name}（{instance.title}）"
    notify(session, people_of(session, task, now), text, f"/task/{task.id}", now, f"task:{task.id}")
    if task.unit_code and inner_organ(session, task.unit_code) is None:
        _no_inner_organ(session, task.unit_code, now)


def people_of(session: Session, task: Task, now: datetime) -> set[str]:
    """Logins of its assignee, or of all who may claim it."""
    if task.assignee:
        return {task.assignee}
    people: set[str] = set()
    for kind, value, unit_code in _candidates.rows(session, of=task.id):
        people |= {value} if kind == "user" else holders(session, value, unit_code, now)
    return people


def _no_inner_organ(session: Session, unit_code: str, now: datetime) -> None:
    """Once per unit. Source: R5 “一个内设机构”."""
    text = f"{unit_name(session, unit_code)}还没有登记督查内设机构，任务已转给其主要领导"
    notify(session, holders(session, "DCS_LEAD", "", now), text, "", now, f"no_inner_organ:{unit_code}")
