"""Who holds which role today."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, bindparam, or_, select
from sqlalchemy.orm import Session

from engine.actor import Actor
from engine.deadline.shanghai import date_of
from engine.history.append import append
from engine.history.digest import SYSTEM_CHAIN
from engine.store.base import table_of
from engine.store.prepared import Prepared
from supervision.account.table import Account
from supervision.organisation.table import Role, RoleGrant


def in_force(on: date) -> ColumnElement[bool]:
    """Grants that hold on that day."""
    return and_(RoleGrant.since <= on, or_(RoleGrant.until.is_(None), RoleGrant.until >= on))


def roles_of(session: Session, login: str, on: date) -> frozenset[tuple[str, str]]:
    """Pairs (role, unit code or '') the person holds on that day."""
    rows = session.execute(
        select(RoleGrant.role, RoleGrant.unit_code).where(RoleGrant.login == login, in_force(on))
    )
    return frozenset((row.role, row.unit_code) for row in rows)


_grants, _accounts = table_of(RoleGrant), table_of(Account)
_holding = (
    select(_grants.c.login)
    .join(_accounts, _accounts.c.login == _grants.c.login)
    .where(
        _grants.c.role == bindparam("role"),
        _grants.c.since <= bindparam("today"),
        or_(_grants.c.until.is_(None), _grants.c.until >= bindparam("today")),
        _accounts.c.active,
    )
    .distinct()
    .order_by(_grants.c.login)
)
_anywhere = Prepared(_holding)
_in_unit = Prepared(_holding.where(or_(_grants.c.unit_code == "", _grants.c.unit_code == bindparam("unit"))))


def holders(session: Session, role: str, unit_code: str, on: date) -> Sequence[str]:
    """Logins of active people with the role, in that unit where one is given; in alphabetical order."""
    if unit_code:
        rows = _in_unit.rows(session, role=role, unit=unit_code, today=on)
    else:
        rows = _anywhere.rows(session, role=role, today=on)
    return [login for (login,) in rows]


def grant(
    session: Session,
    login: str,
    role: str,
    unit_code: str,
    *,
    by: Actor,
    now: datetime,
    until: date | None = None,
) -> RoleGrant:
    """Grants a role from today on; the same grant again changes nothing but its end."""
    since = date_of(now)
    row = session.scalars(
        select(RoleGrant).where(
            RoleGrant.login == login,
            RoleGrant.role == role,
            RoleGrant.unit_code == unit_code,
            in_force(since),
        )
    ).first()
    if row is None:
        row = RoleGrant(login=login, role=role, unit_code=unit_code, since=since, granted_by=by.login)
        session.add(row)
    row.until = until
    session.flush()
    payload = {"login": login, "role": role, "unit": unit_code, "until": until.isoformat() if until else None}
    append(session, SYSTEM_CHAIN, "role.granted", at=now, actor=by, name=role, payload=payload)
    return row


def role_label(session: Session, code: str) -> str:
    """What people read, e.g. 督查室经办人; the code where it is not on file."""
    role = session.get(Role, code)
    return role.label if role else code
