"""Entries as an iCalendar text (RFC 5545), the same bytes for the same entries."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from supervision.feed.entry import Entry

if TYPE_CHECKING:
    from icalendar import Alarm, Event

DOMAIN = "ducha"
"""Right of the @ in a UID: the text is the same under whatever address the pages are reached."""
REFRESH = timedelta(hours=1)
ONE_DAY = timedelta(days=1)


def ics(name: str, entries: Iterable[Entry], base: str) -> bytes:
    """`name`: that of the calendar. `base`: address of the pages, without a slash at its end."""
    from icalendar import Calendar, vDuration  # 10 MB that only a server with subscribers needs

    calendar = Calendar()
    calendar.add("prodid", "-//ducha//督查台//ZH")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("x-wr-calname", name)
    calendar.add("x-wr-timezone", "Asia/Shanghai")
    calendar.add("refresh-interval", vDuration(REFRESH), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(REFRESH))
    for entry in entries:
        calendar.add_component(_event(entry, base))
    return bytes(calendar.to_ical())


def etag(content: bytes) -> str:
    """Changes whenever the text does."""
    return hashlib.sha256(content).hexdigest()[:32]


def _event(entry: Entry, base: str) -> Event:
    from icalendar import Event

    changed_at, url = entry.changed_at.astimezone(UTC).replace(microsecond=0), base + entry.path
    event = Event()
    event.add("uid", f"{entry.uid}@{DOMAIN}")
    event.add("dtstamp", changed_at)
    event.add("last-modified", changed_at)
    event.add("sequence", entry.sequence)
    event.add("dtstart", entry.on)
    event.add("dtend", entry.on + ONE_DAY)
    event.add("summary", entry.title)
    event.add("description", "\n".join((*entry.lines, url)))
    event.add("url", url)
    event.add("transp", "TRANSPARENT")
    event.add("status", "CANCELLED" if entry.cancelled else "TENTATIVE" if entry.tentative else "CONFIRMED")
    if entry.alarm_at is not None and not entry.cancelled:
        event.add_component(_alarm(entry.title, entry.alarm_at))
    return event


def _alarm(title: str, at: datetime) -> Alarm:
    from icalendar import Alarm

    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", f"即将到期：{title}")
    alarm.add("trigger", at.astimezone(UTC), parameters={"VALUE": "DATE-TIME"})
    return alarm
