"""A small district in the database: two units, bodies, roles and one person for each."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Table, create_engine
from sqlalchemy.orm import Session

import supervision.tables  # noqa: F401  (registers the tables before the database is made)
from engine.actor import SYSTEM_ACTOR
from engine.definition import publish, publish_set
from engine.definition.cache import ProgramCache
from engine.store.base import Base
from engine.store.tables import Definition, Instance
from engine.store.visibility import SYSTEM, see_as
from supervision.account.table import Account
from supervision.case.open import open_instance
from supervision.case.table import Case
from supervision.deadlines.versions import publish_calendar, publish_rules
from supervision.guards import all_guards
from supervision.identity.key import Keys, create_keys
from supervision.organisation.table import InnerOrgan, RoleGrant, Unit
from supervision.seed import seed_demo
from supervision.setting import declare, put_setting
from supervision.setup import make_context
from tests.integration.supervision.desk import Desk
from tests.integration.supervision.office import Office
from tests.integration.supervision.people import PEOPLE
from tests.integration.supervision.yunxi import Yunxi

HERE = Path(__file__).parent
PROCESSES = HERE.parents[2] / "processes"
NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # 09:00 in Asia/Shanghai
HASH = "$argon2id$v=19$m=19456,t=2,p=1$bm90aGluZ25vdGhpbmc$bm90aGluZw"


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def keys(tmp_path: Path) -> Keys:
    return create_keys(tmp_path / "keys" / "identity.key")


@pytest.fixture
def district(session: Session) -> Session:
    """The session, with units and people in it. U02 has no 督查内设机构."""
    for position, (code, name, kind) in enumerate(
        [
            ("DCS", "督查室", "机构"),
            ("QZB", "区政府办公室", "机构"),
            ("LSG", "领导小组", "机构"),
            ("UP", "上一级主管部门", "机构"),
            ("U01", "东湖街道办事处", "街办"),
            ("U02", "区住房局", "区政府部门"),
        ]
    ):
        session.add(Unit(code=code, name=name, unit_type=kind, position=position))
    session.flush()
    declare(session, PROCESSES)
    session.add(InnerOrgan(unit_code="U01", name="督查科", head="甲", contact="乙", phone="0000"))
    for login, (unit, _role, _at) in PEOPLE.items():
        session.add(Account(login=login, name=login, password_hash=HASH, unit_code=unit, created_at=NOW))
    session.flush()
    for login, (_unit, role, at) in PEOPLE.items():
        session.add(
            RoleGrant(login=login, role=role, unit_code=at, since=date(2026, 1, 1), granted_by="admin")
        )
    session.flush()
    return session


@pytest.fixture
def open_case(district: Session) -> Callable[..., Case]:
    """Opens a case without running a diagram; give variables by name."""
    definition = Definition(
        id=uuid.uuid4().hex,
        key="complaint",
        version=1,
        name="投诉处理",
        digest="0" * 64,
        effective_from=NOW,
        published_at=NOW,
        published_by="owner",
        approved_by="lead",
        calls={},
    )
    district.add(definition)
    district.flush()

    def open_(at: datetime = NOW, **data: object) -> Case:
        instance = Instance(
            id=uuid.uuid4().hex,
            definition_id=definition.id,
            process_id="complaint",
            business_key="",
            status="active",
            revision=0,
            started_at=at,
            started_by="public",
        )
        district.add(instance)
        district.flush()
        given = {"target_unit": "U01", "matter_type": "投诉", "channel": "网站", "identity_mode": "实名"}
        open_instance(district, instance, {**given, **data}, at)
        return district.get_one(Case, instance.id)

    return open_


@pytest.fixture
def office(district: Session, keys: Keys, now: datetime) -> Office:
    put_setting(district, "organ_word", "云")
    publish_rules(district, (PROCESSES / "deadlines.toml").read_text(), by=SYSTEM_ACTOR, now=now)
    calendar = (PROCESSES / "calendar" / "2026.toml").read_text()
    publish_calendar(district, 2026, calendar, by=SYSTEM_ACTOR, now=now)
    files = {"complaint.bpmn": (HERE / "district" / "complaint" / "complaint.bpmn").read_bytes()}
    publish(district, "complaint", files, by="owner", approved_by="lead", now=now)
    return Office(district, make_context(HERE / "district", keys), keys, now)


@dataclass(frozen=True)
class Seeded:
    """The demo district with the real processes as plain rows, to be copied into a test's own database."""

    rows: Sequence[tuple[Table, Sequence[Mapping[str, Any]]]]
    programs: ProgramCache
    """Shared: the copies hold the same versions, so that each diagram is compiled once."""


@pytest.fixture(scope="session")
def seeded() -> Seeded:
    database = create_engine("sqlite://")
    Base.metadata.create_all(database)
    with Session(database) as session:
        see_as(session, SYSTEM)
        seed_demo(session, PROCESSES, NOW)
        folders = [path.parent for path in sorted(PROCESSES.glob("*/process.toml"))]
        bundles = {folder.name: {p.name: p.read_bytes() for p in folder.glob("*.*")} for folder in folders}
        publish_set(session, bundles, by="owner", approved_by="owner2", now=NOW)
        session.flush()
        found = [(table, session.execute(table.select()).all()) for table in Base.metadata.sorted_tables]
    return Seeded([(table, [row._asdict() for row in rows]) for table, rows in found if rows], ProgramCache())


@pytest.fixture
def yunxi(session: Session, keys: Keys, now: datetime, seeded: Seeded) -> Yunxi:
    """The demo district with the real processes."""
    for table, rows in seeded.rows:
        session.execute(table.insert(), rows)
    context = replace(make_context(PROCESSES, keys), programs=seeded.programs)
    return Yunxi(session, context, keys, now)


@pytest.fixture
def desk(open_case: Callable[..., Case], district: Session, keys: Keys, now: datetime) -> Callable[..., Desk]:
    def desk_(**data: object) -> Desk:
        return Desk(district, open_case(**data), list(all_guards(keys, PROCESSES)), now)

    return desk_
