"""Looks up and writes units, their 督查内设机构, and complaint channels."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from engine.errors import NotFound
from engine.store.base import table_of
from engine.store.prepared import Prepared
from supervision.organisation.table import Channel, InnerOrgan, Unit

_units, _organs = table_of(Unit), table_of(InnerOrgan)
_unit = Prepared(select(_units.c.code).where(_units.c.code == bindparam("of")))
_name = Prepared(select(_units.c.name).where(_units.c.code == bindparam("of")))
_organ = Prepared(select(_organs.c.unit_code).where(_organs.c.unit_code == bindparam("of")))

SUPERVISED = ("街办", "管理处", "区政府部门", "授权组织")
"""Types of units under supervision. Source: R2, R3."""


def find_unit(session: Session, code: str) -> Unit | None:
    """The unit of that code, if there is one."""
    return session.get(Unit, code)


def is_unit(session: Session, code: str) -> bool:
    """Whether there is such a unit: asked of each task that opens."""
    return _unit.row(session, of=code) is not None


def has_inner_organ(session: Session, unit_code: str) -> bool:
    """Whether the unit has registered its 督查内设机构: asked of each task that opens."""
    return _organ.row(session, of=unit_code) is not None


def get_unit(session: Session, code: str) -> Unit:
    """Raises NotFound."""
    unit = session.get(Unit, code)
    if unit is None:
        raise NotFound(f"没有代码为“{code}”的单位：请从单位列表中选择")
    return unit


def unit_name(session: Session, code: str | None) -> str:
    """Its name, or the code itself where no such unit is on file."""
    found = _name.row(session, of=code) if code else None
    return str(found[0]) if found else code or ""


def supervised_units(session: Session) -> Sequence[Unit]:
    """Active units under supervision, in list order."""
    return session.scalars(
        select(Unit).where(Unit.active, Unit.unit_type.in_(SUPERVISED)).order_by(Unit.position, Unit.code)
    ).all()


def all_units(session: Session) -> Sequence[Unit]:
    """Bodies and units, in list order."""
    return session.scalars(select(Unit).order_by(Unit.position, Unit.code)).all()


def inner_organ(session: Session, unit_code: str) -> InnerOrgan | None:
    """督查内设机构 of the unit, None while it has not registered one."""
    return session.get(InnerOrgan, unit_code)


def channels(session: Session, kind: str | None = None) -> Sequence[Channel]:
    """Active complaint channels, all or of one kind."""
    query = select(Channel).where(Channel.active).order_by(Channel.kind, Channel.code)
    return session.scalars(query.where(Channel.kind == kind) if kind else query).all()
