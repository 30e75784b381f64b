"""The fictitious district of the demo, from processes/demo.toml. Everybody there has the same password."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.actor import SYSTEM_ACTOR
from engine.deadline.shanghai import date_of
from engine.errors import InvalidData
from supervision.account.password import hash_password
from supervision.account.table import Account
from supervision.organisation.grants import in_force
from supervision.organisation.table import Channel, InnerOrgan, Role, RoleGrant, Unit
from supervision.seed.district import UnitEntry, create_district, is_empty
from supervision.setting import get_setting, put_setting

DEMO_PASSWORD = "ducha-2026"
"""Printed on the demo's log-in page, which real districts never show."""


@dataclass(frozen=True)
class DemoPerson:
    """Somebody to log in as."""

    login: str
    name: str
    post: str
    unit: str
    roles: Sequence[str]
    """Labels."""
    password: str = DEMO_PASSWORD


def seed_demo(session: Session, processes: Path, now: datetime) -> bool:
    """Fills an empty database; False when there is a district already. The caller commits.

    Raises:
        InvalidData: demo.toml is missing or broken.
    """
    if not is_empty(session):
        return False
    read = _read(processes / "demo.toml")
    district = read.get("district", {})
    name = str(district.get("name", "")) if isinstance(district, Mapping) else str(district)
    units = _tables(read, "unit", "units")
    create_district(
        session, processes, name, [_entry(unit) for unit in units],
        organ_word=str(_of(district, "organ_word", name[:1])), by=SYSTEM_ACTOR, now=now,
        issuing_body=str(_of(district, "issuing_body", "")),
    )  # fmt: skip
    for unit in units:
        _inner_organ(session, unit)
    for channel in _tables(read, "channel", "channels"):
        session.add(_channel(channel))
    hashed = hash_password(DEMO_PASSWORD)  # one hash for all: the password is public anyway
    for person in _tables(read, "person", "people", "persons"):
        _person(session, person, hashed, now)
    put_setting(session, "is_demo", True)
    return True


def demo_people(session: Session) -> list[DemoPerson]:
    """Who can be logged in as, in the order of demo.toml; empty in a real district."""
    order = {login: place for place, login in enumerate(get_setting(session, "demo_people", []))}
    people = session.scalars(select(Account).where(Account.login.in_(list(order)))).all()
    return [_shown(session, person) for person in sorted(people, key=lambda p: order[p.login])]


def _shown(session: Session, person: Account) -> DemoPerson:
    labels = session.scalars(
        select(Role.label)
        .join(RoleGrant, RoleGrant.role == Role.code)
        .where(RoleGrant.login == person.login, in_force(date.max))
        .order_by(Role.code)
    ).all()
    unit = session.get(Unit, person.unit_code)
    return DemoPerson(person.login, person.name, person.post, unit.name if unit else "", labels)


def _person(session: Session, person: Mapping[str, Any], hashed: str, now: datetime) -> None:
    login, unit = str(person["login"]), str(person.get("unit", ""))
    session.add(
        Account(
            login=login,
            name=str(person["name"]),
            password_hash=hashed,
            unit_code=unit,
            post=str(person.get("post") or person.get("title") or ""),
            created_at=now,
        )
    )
    session.flush()
    for code in person.get("roles", ()):
        role, at = code if isinstance(code, list) else (str(code), unit)
        if session.get(Role, role) is None:
            raise InvalidData({"demo.toml": [f"{login} 的角色“{role}”不在 roles.toml 中。"]})
        session.add(
            RoleGrant(
                login=login,
                role=role,
                unit_code=at if role.startswith("U_") else "",
                since=date(date_of(now).year, 1, 1),
                granted_by=SYSTEM_ACTOR.login,
            )
        )
    put_setting(session, "demo_people", [*get_setting(session, "demo_people", []), login])


def _entry(unit: Mapping[str, Any]) -> UnitEntry:
    kind = str(unit.get("type") or unit.get("unit_type") or "")
    return UnitEntry(str(unit["code"]), str(unit["name"]), kind, str(unit.get("short_name") or ""))


def _inner_organ(session: Session, unit: Mapping[str, Any]) -> None:
    organ = unit.get("inner_organ")
    if not organ:
        return
    given = organ if isinstance(organ, Mapping) else {"name": organ}
    appointed = given.get("appointed_on")
    session.add(
        InnerOrgan(
            unit_code=str(unit["code"]),
            name=str(given["name"]),
            head=str(given.get("head", "")),
            contact=str(given.get("contact", "")),
            phone=str(given.get("phone", unit.get("phone", ""))),
            appointed_on=date.fromisoformat(str(appointed)) if appointed else None,
        )
    )


def _channel(channel: Mapping[str, Any]) -> Channel:
    return Channel(
        code=str(channel["code"]),
        kind=str(channel.get("kind") or channel.get("type") or ""),
        name=str(channel["name"]),
        address=str(channel.get("address") or channel.get("number") or ""),
        unit_code=str(channel.get("unit", "DCS")),
    )


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text())
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise InvalidData({path.name: [f"读不出演示数据 {path}：{error}"]}) from error


def _tables(read: Mapping[str, Any], *names: str) -> list[Mapping[str, Any]]:
    return next((list(read[name]) for name in names if read.get(name)), [])


def _of(table: Any, key: str, default: str) -> Any:
    return table.get(key, default) if isinstance(table, Mapping) else default
