"""A cycle on the days the district chose for it; without a choice as the file has it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import islice

from sqlalchemy.orm import Session

from engine.errors import InvalidData
from supervision.cycles.recur import Cycle, Yearly
from supervision.cycles.table import CycleRun
from supervision.setting.cycle_days import days_of, pairs


def settled(session: Session, cycle: Cycle) -> Cycle:
    """`cycle` with the days of the setting ``<key>_dates``.

    How many there are a year stays: labels, and with them the keys of occasions, hang on it.
    """
    if not isinstance(cycle.recurrence, Yearly):
        return cycle
    chosen = days_of(session, cycle.key)
    if len(chosen) != len(cycle.recurrence.dates):
        return cycle
    return replace(cycle, recurrence=Yearly(chosen))


def demand_ahead(session: Session, key: str, chosen: str, default: str, today: date) -> None:
    """Refuses days that would make this year's occasion fall out: it has not begun, and its new day is gone.

    Raises:
        InvalidData: field `value`. Source: R7¶1, one inspection each year and one self-check each half-year.
    """
    now_in_force = days_of(session, key) or pairs(default)
    old, new = (Yearly(days).days(today.replace(month=1, day=1)) for days in (now_in_force, pairs(chosen)))
    for (label, before), (_, after) in islice(zip(old, new, strict=False), len(now_in_force)):
        begun = session.get(CycleRun, f"{key}:{label}") is not None
        if after <= today <= before and not begun:
            raise InvalidData(
                {
                    "value": [
                        f"{label} 还没有开始，新的日期 {after} 已经过去：请先在“周期流程”上启动这一期再改。"
                    ]
                }
            )
