"""一票否决的提示: who was held to account this year for what caps the score. Source: DOMAIN 5 (V2, V3), T09.

Only a hint: 督查室负责人 decides in F-P1-6.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from supervision.accountability.table import Clue, Respondent
from supervision.inspection.checklist import Checklist
from supervision.organisation.units import unit_name

HELD = "予以问责"


def veto_words(session: Session, checklist: Checklist, year: int, units: Collection[str]) -> str:
    """A line per veto and unit that a decision of the year calls for; a changed decision does not count."""
    rows = session.execute(
        select(Respondent.unit_code, Clue.grounds)
        .join(Clue, Clue.instance_id == Respondent.instance_id)
        .where(
            Respondent.decision == HELD,
            Respondent.changed_by == "",
            Respondent.decided_on.between(date(year, 1, 1), date(year, 12, 31)),
        )
    ).all()
    lines = []
    for veto in checklist.vetoes:
        proven = {row.unit_code for row in rows if veto.clause and veto.clause in row.grounds}
        lines += [
            f"{veto.code} {veto.name}：{unit_name(session, code)}，本年已因此作出问责决定，请核对是否否决。"
            for code in sorted(proven.intersection(units))
        ]
    return "\n".join(lines) or "本年没有可以作为否决依据的问责决定。"
