"""The fictitious district of the demo, from processes/demo.toml. Everybody there has the same password."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.actor import SYSTEM_ACTOR
from engine.deadline.shanghai import date_of
from engine.errors import InvalidData
from supervision.account.password import hash_password
from supervision.account.table import Account
from supervision.notice.table import NoticeAddress
from supervision.organisation.grants import in_force
from supervision.organisation.table import Channel, InnerOrgan, Role, RoleGrant, Unit
from supervision.seed.district import BODIES, UnitEntry, create_district, is_empty
from supervision.setting import get_setting, put_setting

PEOPLE = "demo_people"
PASSWORD = "demo_password"
"""Settings: who can be logged in as, and with which password. A real district has neither."""


@dataclass(frozen=True)
class DemoPerson:
    """Somebody to log in as."""

    login: str
    name: str
    post: str
    unit: str
    roles: Sequence[str]
    """Labels."""
    password: str


def seed_demo(session: Session, processes: Path, now: datetime) -> bool:
    """Fills an empty database; False when there is a district already. The caller commits.

    Raises:
        InvalidData: demo.toml is missing or broken; nothing should be committed then.
    """
    if not is_empty(session):
        return False
    read = _read(processes / "demo.toml")
    try:
        _fill(session, processes, read, now)
    except KeyError as missing:
        raise InvalidData({"demo.toml": [f"有一项没有写 {missing}。"]}) from missing
    put_setting(session, "is_demo", True)
    return True


def demo_people(session: Session) -> list[DemoPerson]:
    """Who can be logged in as, in the order of demo.toml; empty in a real district."""
    order = {login: place for place, login in enumerate(get_setting(session, PEOPLE, []))}
    password, labels = str(get_setting(session, PASSWORD, "")), _labels(session, order)
    found = session.execute(
        select(Account, func.coalesce(Unit.name, ""))
        .outerjoin(Unit, Unit.code == Account.unit_code)
        .where(Account.login.in_(order))
    )
    return [
        DemoPerson(person.login, person.name, person.post, unit, labels.get(person.login, []), password)
        for person, unit in sorted(found, key=lambda row: order[row[0].login])
    ]


def _labels(session: Session, logins: Iterable[str]) -> dict[str, list[str]]:
    """Login → names of the roles."""
    held = session.execute(
        select(RoleGrant.login, Role.label)
        .join(Role, Role.code == RoleGrant.role)
        .where(RoleGrant.login.in_(list(logins)), in_force(date.max))
        .order_by(Role.code)
    )
    labels: dict[str, list[str]] = {}
    for login, label in held:
        labels.setdefault(login, []).append(label)
    return labels


def _fill(session: Session, processes: Path, read: Mapping[str, Any], now: datetime) -> None:
    district, units = read["district"], read["unit"]
    create_district(
        session, processes, district["name"], [_entry(unit) for unit in units if unit["code"] not in BODIES],
        organ_word=district["organ_word"], by=SYSTEM_ACTOR, now=now, issuing_body=district["issuing_body"],
        bodies={unit["code"]: unit["name"] for unit in units if unit["code"] in BODIES},
    )  # fmt: skip
    for organ in read["inner_organ"]:
        session.add(_organ(organ))
    for channel in read["channel"]:
        session.add(_channel(channel))
    hashed = hash_password(district["password"])  # one hash for all: the password is public anyway
    for person in read["person"]:
        _person(session, person, hashed, now)
    put_setting(session, PASSWORD, district["password"])
    put_setting(session, PEOPLE, [person["login"] for person in read["person"]])


def _person(session: Session, person: Mapping[str, Any], hashed: str, now: datetime) -> None:
    login, unit = person["login"], person["unit"]
    session.add(
        Account(
            login=login,
            name=person["name"],
            password_hash=hashed,
            unit_code=unit,
            post=person.get("post", ""),
            created_at=now,
        )
    )
    session.flush()
    if email := person.get("email"):
        session.add(NoticeAddress(login=login, channel="mail", address=email))
    for role in person["roles"]:
        if session.get(Role, role) is None:
            raise InvalidData({"demo.toml": [f"{login} 的角色“{role}”不在 roles.toml 中。"]})
        session.add(
            RoleGrant(
                login=login,
                role=role,
                unit_code=unit if role.startswith("U_") else "",
                since=date(date_of(now).year, 1, 1),
                granted_by=SYSTEM_ACTOR.login,
            )
        )


def _entry(unit: Mapping[str, Any]) -> UnitEntry:
    return UnitEntry(
        unit["code"],
        unit["name"],
        unit["unit_type"],
        unit.get("short_name", ""),
        unit.get("self_check_duty", ""),
    )


def _organ(organ: Mapping[str, Any]) -> InnerOrgan:
    return InnerOrgan(
        unit_code=organ["unit"],
        name=organ["name"],
        head=organ["head"],
        contact=organ["contact"],
        phone=organ["phone"],
        appointed_on=organ.get("appointed_on"),
    )


def _channel(channel: Mapping[str, Any]) -> Channel:
    return Channel(
        code=channel["code"],
        kind=channel["kind"],
        name=channel["name"],
        address=channel.get("detail", ""),
        unit_code=channel.get("unit", "DCS"),
    )


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text())
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise InvalidData({path.name: [f"读不出演示数据 {path}：{error}"]}) from error
