"""A district of as many units as wanted, and a process that asks each of them; for the fan-out bench.

Every unit has a 督查内设机构 and one contact, who gets the task and the notice as in a real district.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select, update

import engine.definition
import engine.task
from command.compose import System
from engine.actor import SYSTEM_ACTOR
from engine.deadline.shanghai import date_of
from engine.instance import MessageType, start
from engine.store.base import table_of
from engine.store.tables import FanOutMember, Task
from supervision.account.table import Account
from supervision.organisation.table import InnerOrgan, RoleGrant, Unit

DIAGRAMS = Path(__file__).resolve().parent / "diagrams"
MESSAGES = ("bench_ask", "bench_joined")


def widen(system: System) -> System:
    """Publishes both processes, and declares their messages."""
    with system.session() as session:
        for key in ("fan_parent", "fan_child"):
            files = {f"{key}.bpmn": (DIAGRAMS / f"{key}.bpmn").read_bytes()}
            engine.definition.publish(session, key, files, by="甲", approved_by="乙", now=system.clock())
        session.commit()
    declared = {**system.context.messages, **{name: MessageType(name) for name in MESSAGES}}
    return dataclasses.replace(system, context=dataclasses.replace(system.context, messages=declared))


def fill(system: System, count: int) -> None:
    """Makes `count` the number of active units under supervision."""
    now = system.clock()
    codes = [f"W{count}-{number}" for number in range(count)]
    rows = [
        [*part] for part in zip(*(_unit(place, code, now) for place, code in enumerate(codes)), strict=True)
    ]
    with system.session() as session:
        session.execute(update(table_of(Unit)).where(Unit.unit_type != "机构").values(active=False))
        for entity, part in zip((Unit, InnerOrgan, Account, RoleGrant), rows, strict=True):
            session.execute(insert(table_of(entity)), part)
        session.commit()


def _unit(place: int, code: str, now: datetime) -> tuple[dict[str, Any], ...]:
    """The rows of one unit: itself, its 内设机构, its contact, and what that is entitled to."""
    name, login = f"单位{code}", f"{code}-contact".lower()
    organ = {"name": "办公室", "head": "甲", "contact": "乙", "phone": "0"}
    person = {"login": login, "name": name, "password_hash": "", "created_at": now}
    grant = {"login": login, "role": "U_CONTACT", "since": date_of(now), "granted_by": "bench"}
    unit = {"code": code, "name": name, "unit_type": "街办", "self_check_duty": "mandatory"}
    return unit | {"position": place}, *({**row, "unit_code": code} for row in (organ, person, grant))


def begin(system: System) -> str:
    """A parent that waits to be told to ask."""
    with system.session() as session:
        parent = start(session, system.context, "fan_parent", {}, actor=SYSTEM_ACTOR, now=system.clock())
        session.commit()
    return parent


def complete(system: System, instance_id: str) -> None:
    """Does the one open task of an instance, as the pages do: begin, complete, commit."""
    with system.session() as session:
        task = session.scalars(
            select(Task.id).where(Task.instance_id == instance_id, Task.status == "open")
        ).one()
        engine.task.complete(session, system.context, task, {}, actor=SYSTEM_ACTOR, now=system.clock())
        session.commit()


def children(system: System, parent: str) -> Sequence[str]:
    """Ids of those that were started."""
    with system.session() as session:
        found = select(FanOutMember.instance_id).where(
            FanOutMember.parent_id == parent, FanOutMember.instance_id.is_not(None)
        )
        return [child for child in session.scalars(found) if child]
