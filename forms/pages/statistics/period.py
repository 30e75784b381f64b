"""The period and the unit that a page of figures was asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from supervision.organisation.units import is_unit, unit_name
from supervision.statistics.figure import Period


@dataclass(frozen=True)
class Asked:
    """`unit` is a code or ''; `wrong` is a sentence for whoever typed a period that is none."""

    period: Period
    unit: str
    unit_label: str
    wrong: str = ""

    @property
    def query(self) -> dict[str, str]:
        """The same question again, for links."""
        parts = {"since": self.period.since.isoformat(), "until": self.period.until.isoformat()}
        return {**parts, "unit": self.unit} if self.unit else parts


def asked(session: Session, args: Mapping[str, str], today: date) -> Asked:
    """From ?since=&until=&unit=; this year so far where nothing, or nothing usable, is said."""
    unit = args.get("unit", "")
    unit = unit if unit and is_unit(session, unit) else ""
    label, this_year = unit_name(session, unit) if unit else "", Period(today.replace(month=1, day=1), today)
    try:
        since = date.fromisoformat(args.get("since") or this_year.since.isoformat())
        until = min(date.fromisoformat(args.get("until") or today.isoformat()), today)
    except ValueError:
        return Asked(this_year, unit, label, "日期应写成 2026-03-01 这样：现在显示今年的数字。")
    if until < since:
        return Asked(this_year, unit, label, "期间应当先开始后结束，且不晚于今天开始：现在显示今年的数字。")
    return Asked(Period(since, until), unit, label)
