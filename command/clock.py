"""Clocks are made here and nowhere else: the system's, and a movable one for scenarios and demonstrations."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""Gives an aware UTC instant."""


def system_clock() -> datetime:
    """This moment."""
    return datetime.now(UTC)


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
