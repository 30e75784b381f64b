"""The calendar a deadline was last counted on: what is finished keeps the days it had."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.deadline.calendar import Calendar, version_of
from engine.errors import NotFound
from engine.instance.context import Context
from engine.store.base import table_of
from engine.store.tables import CalendarVersion

_versions = table_of(CalendarVersion)


class CalendarsThen:
    """Looks calendars up by version; each is put together and parsed once."""

    def __init__(self, session: Session, context: Context) -> None:
        self._session = session
        newest = context.calendar(session)
        self._known: dict[str, Calendar] = {newest.version: newest}

    def of(self, version: str) -> Calendar:
        """The calendar of that version. Raises NotFound when no published years make it up."""
        if version not in self._known:
            self._known[version] = self._read(version)
        return self._known[version]

    def _read(self, version: str) -> Calendar:
        for texts in self._history():
            if version_of(texts) == version:
                return Calendar.from_tomls(texts)
        raise NotFound(f"工作日历的版本 {version[:8]} 不在数据库里：请检查数据是否完整")

    def _history(self) -> Iterator[dict[int, str]]:
        """The years in force after each publication, the oldest first; years loaded together count as one."""
        rows = self._session.execute(
            select(_versions.c.published_at, _versions.c.year, _versions.c.content).order_by(
                _versions.c.published_at, _versions.c.year, _versions.c.version
            )
        )
        texts: dict[int, str] = {}
        for _, together in groupby(rows, key=lambda row: row.published_at):
            texts |= {row.year: row.content for row in together}
            yield dict(texts)
