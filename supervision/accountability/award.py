"""取消评优评先资格: who may not be nominated in which year, why, and whether it was restored.

A bar stands until a 复核 restores it. Whoever nominates asks here. Source: R11(2)(3); R13¶2.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.errors import InvalidData
from supervision.accountability.table import AwardDisqualification
from supervision.organisation.units import unit_name


@dataclass(frozen=True)
class AwardBar:
    """One bar, in words."""

    unit_code: str
    unit_name: str
    person: str
    """'' where the unit itself is barred."""
    year: int
    awards: Sequence[str]
    """Empty: all of that year."""
    decision_no: str
    since: date
    restored_on: date | None
    restored_by: str

    @property
    def who(self) -> str:
        """The unit, or the person with the unit before it."""
        return f"{self.unit_name}{self.person}"

    @property
    def what(self) -> str:
        """``2026 年度全部评优评先`` or the awards that are named."""
        return f"{self.year} 年度{'、'.join(self.awards) or '全部评优评先'}"


def barred(session: Session, unit_code: str, person: str, year: int) -> list[AwardBar]:
    """The bars in force on a unit (`person` '') or one of its people for awards of that year."""
    return _read(
        session,
        AwardDisqualification.unit_code == unit_code,
        AwardDisqualification.person == person,
        AwardDisqualification.year == year,
        AwardDisqualification.restored_on.is_(None),
    )


def demand_nominable(
    session: Session, unit_codes: Collection[str], year: int, *, person: str = "", field: str = "nominee"
) -> None:
    """Raises InvalidData on `field`, which names who is barred and by which decision."""
    found = [bar for code in dict.fromkeys(unit_codes) for bar in barred(session, code, person, year)]
    if found:
        named = "、".join(f"{bar.who}（{bar.decision_no}）" for bar in found)
        raise InvalidData(
            {field: [f"{named}已被取消 {year} 年度评优评先资格，不能推荐（第十一条）：请改选。"]}
        )


def bars_of(session: Session, instance_id: str) -> list[AwardBar]:
    """All that a case brought about, those restored included, as far as the viewer sees the case."""
    return _read(session, AwardDisqualification.instance_id == instance_id)


def _read(session: Session, *conditions: object) -> list[AwardBar]:
    rows = session.scalars(
        select(AwardDisqualification)
        .where(*conditions)  # type: ignore[arg-type]
        .order_by(AwardDisqualification.since, AwardDisqualification.id)
    ).all()
    return [
        AwardBar(
            unit_code=row.unit_code,
            unit_name=unit_name(session, row.unit_code),
            person=row.person,
            year=row.year,
            awards=tuple(row.awards),
            decision_no=row.decision_no,
            since=row.since,
            restored_on=row.restored_on,
            restored_by=row.restored_by,
        )
        for row in rows
    ]
