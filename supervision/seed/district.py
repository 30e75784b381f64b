"""Sets up a district: bodies, units, roles, rules, calendars, settings; processes are published elsewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.actor import Actor
from engine.errors import Conflict, InvalidData
from engine.history.append import append
from engine.history.digest import SYSTEM_CHAIN
from supervision.basis.versions import publish_missing
from supervision.deadlines.versions import publish_calendar, publish_rules
from supervision.inspection.versions import publish_files
from supervision.organisation.role_file import import_roles
from supervision.organisation.table import Unit
from supervision.organisation.units import SUPERVISED
from supervision.setting import declare, put_setting

BODIES = {
    "LSG": "推行政务公开工作领导小组",
    "DCS": "领导小组督查室",
    "QZB": "政府办公室",
    "UP": "上一级政务公开主管部门",
    "JW": "监察委员会",
    "RM": "组织人事部门",
    "PYB": "考核评优办公室",
}
"""Code → name, before which the district's own name stands. Source: DOMAIN 2.1."""

PLACELESS = ("UP", "DCS")
"""Bodies whose name does not begin with the district's."""

SELF_CHECK = {"街办": "mandatory", "管理处": "mandatory", "区政府部门": "mandatory", "授权组织": "invited"}
"""Default by type. Source: R7¶1; DOMAIN finding 2."""


@dataclass(frozen=True)
class UnitEntry:
    """A unit under supervision as it is first entered."""

    code: str
    name: str
    unit_type: str
    short_name: str = ""
    self_check_duty: str = ""
    """mandatory, invited or none; '' for what is usual for its type."""


def is_empty(session: Session) -> bool:
    """Whether nobody has set up a district yet."""
    return not session.scalar(select(func.count()).select_from(Unit))


def create_district(
    session: Session,
    processes: Path,
    name: str,
    units: Sequence[UnitEntry],
    *,
    organ_word: str,
    by: Actor,
    now: datetime,
    issuing_body: str = "",
    bodies: Mapping[str, str] | None = None,
) -> None:
    """Sets up the district called `name`, e.g. 云溪区; `organ_word` is its 机关代字, e.g. 云.

    `bodies` are names that differ from the usual ones, by code.

    Raises:
        Conflict: there is a district already. InvalidData: a unit's type, or a file of `processes`.
    """
    if not is_empty(session):
        raise Conflict("数据库里已经有一个区：请换一个空的数据库")
    put_setting(session, "district", name)
    put_setting(session, "organ_word", organ_word)
    put_setting(session, "issuing_body", issuing_body or f"{name}人民政府办公室")
    for position, (code, body) in enumerate(BODIES.items()):
        full = (bodies or {}).get(code) or (body if code in PLACELESS else f"{name}{body}")
        session.add(Unit(code=code, name=full, short_name=body, unit_type="机构", position=position))
    for position, entry in enumerate(units, len(BODIES)):
        session.add(_unit(entry, position))
    session.flush()
    declare(session, processes)
    import_roles(session, processes / "roles.toml")
    publish_rules(session, (processes / "deadlines.toml").read_text(), by=by, now=now)
    for path in sorted((processes / "calendar").glob("[0-9]*.toml")):
        publish_calendar(session, int(path.stem), path.read_text(), by=by, now=now)
    publish_missing(session, processes, by=by, now=now)
    publish_files(session, processes, by=by, now=now)
    append(session, SYSTEM_CHAIN, "district.created", at=now, actor=by, name=name)


def _unit(entry: UnitEntry, position: int) -> Unit:
    if entry.unit_type not in SUPERVISED:
        raise InvalidData(
            {"units": [f"单位“{entry.name}”的类型应为{'、'.join(SUPERVISED)}之一，但是“{entry.unit_type}”。"]}
        )
    return Unit(
        code=entry.code,
        name=entry.name,
        short_name=entry.short_name or entry.name,
        unit_type=entry.unit_type,
        self_check_duty=entry.self_check_duty or SELF_CHECK[entry.unit_type],
        position=position,
    )
