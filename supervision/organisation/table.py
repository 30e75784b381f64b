"""Units, their 督查内设机构, roles, role grants, complaint channels and box openings."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from engine.store.base import Base
from engine.store.types import Json, UtcDateTime


class Unit(Base):
    """A body (督查室, 领导小组 …) or a unit under supervision (督查对象).

    Source: R2, R3 (scope), R7¶1 (self-check).
    """

    __tablename__ = "unit"

    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    name: Mapped[str] = mapped_column(String(100), unique=True)
    short_name: Mapped[str] = mapped_column(String(40), default="")
    unit_type: Mapped[str] = mapped_column(String(20))
    """街办, 管理处, 区政府部门 or 授权组织 for units under supervision; 机构 for bodies."""
    self_check_duty: Mapped[str] = mapped_column(String(10), default="none")
    """mandatory, invited or none."""
    active: Mapped[bool] = mapped_column(default=True)
    position: Mapped[int] = mapped_column(default=0)
    """Order in lists."""


class InnerOrgan(Base):
    """督查内设机构 of a unit. Source: R5 “一个内设机构”."""

    __tablename__ = "inner_organ"

    unit_code: Mapped[str] = mapped_column(ForeignKey("unit.code"), primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    head: Mapped[str] = mapped_column(String(100))
    contact: Mapped[str] = mapped_column(String(100))
    phone: Mapped[str] = mapped_column(String(40))
    appointed_on: Mapped[date | None]


class Channel(Base):
    """Where people complain: 投诉电话, 意见箱, 网站 … Source: R7¶2."""

    __tablename__ = "channel"

    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(100))
    address: Mapped[str] = mapped_column(String(200), default="")
    """Number, place or link."""
    unit_code: Mapped[str] = mapped_column(String(40), default="DCS")
    active: Mapped[bool] = mapped_column(default=True)


class BoxOpening(Base):
    """意见箱开箱记录, kept even when the box was empty."""

    __tablename__ = "box_opening"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    box_code: Mapped[str] = mapped_column(String(40), index=True)
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    openers: Mapped[list[str]] = mapped_column(Json)
    count: Mapped[int]
    instance_id: Mapped[str | None] = mapped_column(String(32), index=True)
    recorded_by: Mapped[str] = mapped_column(String(100))


class Role(Base):
    """A role of roles.toml: its code is what diagrams name, its label what people read."""

    __tablename__ = "role"

    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    label: Mapped[str] = mapped_column(String(100))
    body: Mapped[str] = mapped_column(String(40), default="")
    """Body whose people hold it; ``U`` for units under supervision, '' for none in particular."""
    lanes: Mapped[list[str]] = mapped_column(Json)


class RoleGrant(Base):
    """Who holds which role, in which unit ('' district-wide), from when until when (both days included)."""

    __tablename__ = "role_grant"
    __table_args__ = (Index("ix_role_grant_role_unit_code", "role", "unit_code"),)

    login: Mapped[str] = mapped_column(ForeignKey("account.login"), primary_key=True)
    role: Mapped[str] = mapped_column(String(40), primary_key=True)
    unit_code: Mapped[str] = mapped_column(String(40), primary_key=True, default="")
    since: Mapped[date] = mapped_column(primary_key=True)
    until: Mapped[date | None]
    granted_by: Mapped[str] = mapped_column(String(100))
