"""补发: asks a unit that was not on the list when a step asked all of its kind."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.actor import Actor
from engine.errors import InvalidData
from engine.instance.context import Member
from engine.instance.fan_out import add_member
from engine.store.tables import FanOut, FanOutMember
from supervision.fan_out.members import members

ASKERS = ("DCS_CLERK", "DCS_LEAD")
"""Roles that may ask a unit later."""
SHORTEST_REASON = 4


def is_open(fan: FanOut) -> bool:
    """Whether somebody may still be asked: the parent waits."""
    return fan.status in ("starting", "running") and not fan.joined_at and not fan.closed_at


def not_asked(session: Session, fan: FanOut) -> Sequence[Member]:
    """Units that belong to the selection now, and have no process yet: new ones, or made active again."""
    asked = set(session.scalars(select(FanOutMember.item).where(FanOutMember.fan_out_id == fan.id)))
    return [member for member in members(session, fan.selection) if member.item not in asked]


def ask_too(
    session: Session, fan: FanOut, unit_code: str, *, reason: str, actor: Actor, now: datetime
) -> Member:
    """The unit's process begins in a moment, and the parent waits for it too.

    Raises:
        InvalidData: no such unit, or no reason. Conflict: too late, or it is on the list already.
    """
    wrong: dict[str, list[str]] = {}
    found = next((member for member in members(session, fan.selection) if member.item == unit_code), None)
    if found is None:
        wrong["unit_code"] = ["请从列表中选择单位：只有符合下发范围的在用单位可以补发。"]
    if len(reason.strip()) < SHORTEST_REASON:
        wrong["reason"] = [f"请写明补发理由（至少 {SHORTEST_REASON} 个字），例如“六月新设的单位”。"]
    if wrong or found is None:
        raise InvalidData(wrong)
    add_member(session, fan, found, reason=reason.strip(), actor=actor, now=now)
    return found
