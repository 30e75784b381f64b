"""每年一次: at most one 全区性检查 a year that is not cancelled. Source: R7¶1; RQ-18."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.deadline.shanghai import date_of
from engine.errors import Conflict
from engine.store.tables import Instance
from supervision.inspection.table import Inspection

PROCESS = "annual_inspection"


def demand_first(session: Session, instance: Instance, data: Mapping[str, Any], now: datetime) -> None:
    """Refuses to start a second one, before it gets a number.

    Raises:
        Conflict: with the way out, in Chinese.
    """
    if instance.process_id != PROCESS:
        return
    year = year_of(data, now)
    if session.scalar(select(Inspection.instance_id).where(Inspection.holds_year == year)):
        raise Conflict(
            f"{year} 年的全区性检查已经开始，每年一次，不能再启动；确需重来的，由组长先取消原来的一次"
        )
    session.add(Inspection(instance_id=instance.id, year=year, holds_year=year))
    session.flush()


def year_of(data: Mapping[str, Any], now: datetime) -> int:
    """The year an inspection is of: its label, else that of its day."""
    for name in ("label", "cycle_on"):
        text = str(data.get(name) or "")[:4]
        if text.isascii() and text.isdigit():
            return int(text)
    return date_of(now).year
