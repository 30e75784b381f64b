"""The library of legal bases: seeded, versioned, guarding what is issued, warning its owners once."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.actor import Actor
from engine.errors import Conflict, InvalidData, NotAllowed
from supervision.basis import Override, bases, demand_in_force
from supervision.basis.expiring import warn_expiring
from supervision.basis.versions import basis_versions, change_basis, publish_missing
from supervision.notice import holders
from supervision.notice.table import Notice
from supervision.seed import seed_demo
from supervision.setting import put_setting
from tests.integration.supervision.conftest import PROCESSES

OWNER = Actor("owner", "流程所有者")
LEGAL = Actor("legal", "审核员", frozenset({("LEGAL", "")}))
TODAY = date(2026, 3, 2)


@pytest.fixture
def yunxi(session: Session, now: datetime) -> Session:
    seed_demo(session, PROCESSES, now)
    return session


def test_a_district_begins_with_every_basis_and_none_is_overwritten(yunxi: Session, now: datetime) -> None:
    assert bases(yunxi)["XZJC"].status == "已废止"
    assert publish_missing(yunxi, PROCESSES, by=OWNER, now=now) == 0


def test_a_change_makes_a_version_and_needs_a_reason(yunxi: Session, now: datetime) -> None:
    old = basis_versions(yunxi, "CF07")[0].content
    new = old.replace('status = "待核实"', 'status = "现行有效"')
    with pytest.raises(InvalidData, match="reason"):
        change_basis(yunxi, new, reason="", by=OWNER, now=now)
    assert change_basis(yunxi, new, reason="合法性审核确认。", by=OWNER, now=now).version == 2
    assert bases(yunxi)["CF07"].status == "现行有效"
    with pytest.raises(Conflict):
        change_basis(yunxi, new, reason="再来一次。", by=OWNER, now=now)


def test_a_document_cannot_rest_on_a_repealed_law(yunxi: Session) -> None:
    assert demand_in_force(yunxi, ["R8(3)", "S:XXGK art.12"], TODAY) == []
    with pytest.raises(NotAllowed, match="2018-03-20 废止，现行的是《中华人民共和国监察法》（2024 年修正）"):
        demand_in_force(yunxi, [{"code": "XZJC", "text": ""}], TODAY)


def test_only_legal_review_lets_it_through_and_only_with_a_reason(yunxi: Session) -> None:
    for override in (Override("照录原文。", OWNER), Override(" ", LEGAL)):
        with pytest.raises(NotAllowed):
            demand_in_force(yunxi, ["XZJC"], TODAY, override)
    through = demand_in_force(yunxi, ["XZJC"], TODAY, Override("照录《办法》第一条原文。", LEGAL))
    assert [one.code for one in through] == ["XZJC"]


def test_owners_are_told_once_of_a_repealed_basis_and_again_of_a_new_version(
    yunxi: Session, now: datetime
) -> None:
    def told() -> list[str]:
        return list(yunxi.scalars(select(Notice.key).where(Notice.key.like("basis:XZJC%"))))

    owners = holders(yunxi, "OWNER", "", now)
    assert owners
    warn_expiring(yunxi, now)
    warn_expiring(yunxi, now + timedelta(days=1))
    assert told() == ["basis:XZJC:1"] * len(owners)


def test_the_days_of_the_regulation_are_asked_for_until_the_district_gives_them(
    yunxi: Session, now: datetime
) -> None:
    """RQ-02: unknown days are a warning, and stop nothing."""
    warn_expiring(yunxi, now)
    assert yunxi.scalar(select(Notice.key).where(Notice.key == "basis:R:dates")) is not None
    assert demand_in_force(yunxi, ["R15"], TODAY) == []
    put_setting(yunxi, "regulation_issued_on", "2020-12-09")
    yunxi.commit()
    assert bases(yunxi)["R"].version_date == bases(yunxi)["R"].effective_from == date(2020, 12, 9)
