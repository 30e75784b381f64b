"""Reads dates and times that people type; without a zone they are Beijing time."""

from __future__ import annotations

from datetime import UTC, datetime

from command.say import MISUSED, Refused
from engine.deadline.shanghai import SHANGHAI


def read_instant(text: str, where: str) -> datetime:
    """Aware UTC. Raises Refused, naming `where` the text stands."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise Refused(f"{where}：“{text}”不是时间，请写成 2026-02-27 或 2026-02-27T09:00", MISUSED) from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)).astimezone(UTC)
