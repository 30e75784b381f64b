"""Clocks are made here and nowhere else: the system's, the database's, and a movable one for scenarios."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Engine, func, select

Clock = Callable[[], datetime]
"""Gives an aware UTC instant."""


def system_clock() -> datetime:
    """This moment."""
    return datetime.now(UTC)


def pump_clock(database: Engine, clock: Clock) -> Clock:
    """What says when something is due: PostgreSQL's own clock, for a machine that runs ahead would be early.

    On SQLite there is one machine; and a clock that is not the system's is meant.
    """
    if database.dialect.name != "postgresql" or clock is not system_clock:
        return clock

    def its_moment() -> datetime:
        with database.connect() as connection:
            moment: datetime = connection.execute(select(func.clock_timestamp())).scalar_one()
        return moment.astimezone(UTC)

    return its_moment


@dataclass
class MovableClock:
    """Stands still until it is moved, and only forward."""

    at: datetime

    def __call__(self) -> datetime:
        return self.at

    def move(self, to: datetime) -> None:
        """Raises ValueError, in Chinese, when `to` lies before the present moment."""
        if to < self.at:
            raise ValueError(f"时间只能向前：现在是 {self.at.isoformat()}，不能退到 {to.isoformat()}")
        self.at = to.astimezone(UTC)
