"""Who is told of a level: heads of the unit, the supervising body, the leading group."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.deadline.shanghai import date_of
from engine.store.tables import InstanceScope
from supervision.case.assign import acting_role
from supervision.case.table import Case
from supervision.guards.avoidance import BARRED_ROLES
from supervision.notice import holders
from supervision.organisation.grants import roles_of
from supervision.organisation.scope import scope_of

OF_THE_UNIT = {"L1": ("U_INNER_HEAD",), "L2": ("U_DEPUTY",), "L3": ("U_HEAD",), "L4": ()}
OVER_A_UNIT = {"L1": ("DCS_CLERK",), "L2": ("DCS_LEAD",), "L3": ("LSG_DEPUTY",), "L4": ("LSG_HEAD",)}
OVER_ITS_OWN = {"L1": ("DCS_LEAD",), "L2": ("QZB_HEAD",), "L3": ("LSG_HEAD",), "L4": ("LSG_HEAD",)}
"""Level → roles that join those of the levels below. Source: DOMAIN 7.4."""


def of_the_unit(session: Session, unit_code: str, level: str, now: datetime) -> set[str]:
    """Logins of the unit's own people who are told."""
    return {login for role in _up_to(OF_THE_UNIT, level) for login in holders(session, role, unit_code, now)}


def above(
    session: Session, case: Case | None, units: Sequence[str], level: str, now: datetime
) -> Iterator[tuple[str, set[str]]]:
    """Pairs (role, logins) of those who watch over the case; `units` that hold it now, none for its own.

    Nobody of the body complained of is told of the case, by another role neither (AV-6).
    """
    roles = _up_to(OVER_A_UNIT if units else OVER_ITS_OWN, level)
    barred = BARRED_ROLES[case.handler] if case else ()
    for role in dict.fromkeys(acting_role(case, role) for role in roles):
        people = holders(session, role, "", now)
        yield role, {login for login in people if not _holds(session, login, barred, now)}


def sees(session: Session, instance_id: str, role: str, unit_code: str = "") -> bool:
    """Whether who holds the role may open the case: a notice leads there only then."""
    scope = scope_of(role, unit_code)
    mine = select(InstanceScope.scope).where(
        InstanceScope.instance_id == instance_id, InstanceScope.scope == scope
    )
    return session.scalar(mine) is not None


def _up_to(roles: Mapping[str, Sequence[str]], level: str) -> list[str]:
    return [role for rung, joined in roles.items() if rung <= level for role in joined]


def _holds(session: Session, login: str, barred: Iterable[str], now: datetime) -> bool:
    heads = tuple(barred)
    return bool(heads) and any(role.startswith(heads) for role, _ in roles_of(session, login, date_of(now)))
