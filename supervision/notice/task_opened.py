"""Tells people about a task that opened for them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import and_, bindparam, or_, select, union
from sqlalchemy.orm import Session

from engine.deadline.shanghai import date_of
from engine.store.base import table_of
from engine.store.prepared import Prepared
from engine.store.tables import Instance, Task, TaskCandidate
from supervision.account.table import Account
from supervision.notice.naming import called
from supervision.notice.notify import holders, notify
from supervision.organisation.table import RoleGrant
from supervision.organisation.units import has_inner_organ, unit_name

_offered, _grants, _accounts = table_of(TaskCandidate), table_of(RoleGrant), table_of(Account)
_holding = (
    select(_grants.c.login)
    .join_from(_offered, _grants, and_(_offered.c.kind == "role", _grants.c.role == _offered.c.value))
    .join(_accounts, _accounts.c.login == _grants.c.login)
    .where(
        _offered.c.task_id == bindparam("of"),
        _grants.c.since <= bindparam("today"),
        or_(_grants.c.until.is_(None), _grants.c.until >= bindparam("today")),
        _accounts.c.active,
    )
)
_people = Prepared(
    union(
        select(_offered.c.value).where(_offered.c.task_id == bindparam("of"), _offered.c.kind == "user"),
        _holding.where(_offered.c.unit_code == ""),
        _holding.where(_offered.c.unit_code != "", _grants.c.unit_code == _offered.c.unit_code),
        _holding.where(_offered.c.unit_code != "", _grants.c.unit_code == ""),
    )
)
"""Candidates by name, and whoever holds a candidate role today: in the unit, or for the whole district.

Three ways to hold one and not one condition with OR: that would go through everybody of the role.
"""


def task_opened(session: Session, task: Task, instance: Instance, now: datetime) -> None:
    """Its assignee, or everybody who may claim it, and the contact of its unit (level L0 of the ladder)."""
    text = f"新任务：{task.name}（{called(instance)}）"
    people = people_of(session, task, now)
    if task.unit_code:
        people |= holders(session, "U_CONTACT", task.unit_code, now)
    notify(session, people, text, f"/task/{task.id}", now, f"task:{task.id}")
    if task.unit_code and not has_inner_organ(session, task.unit_code):
        _no_inner_organ(session, task.unit_code, now)


def people_of(session: Session, task: Task, now: datetime) -> set[str]:
    """Logins of its assignee, or of all who may claim it."""
    if task.assignee:
        return {task.assignee}
    return {login for (login,) in _people.rows(session, of=task.id, today=date_of(now))}


def _no_inner_organ(session: Session, unit_code: str, now: datetime) -> None:
    """Once per unit. Source: R5 “一个内设机构”."""
    text = f"{unit_name(session, unit_code)}还没有登记督查内设机构，任务已转给其主要领导"
    notify(session, holders(session, "DCS_LEAD", "", now), text, "", now, f"no_inner_organ:{unit_code}")
