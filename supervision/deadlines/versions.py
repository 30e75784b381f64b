"""Published versions of the deadline rules and of each calendar year: written once, read through a cache."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Mapping, Sequence
from datetime import datetime

import orjson
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.actor import Actor
from engine.deadline.calendar import Calendar
from engine.deadline.rule import RuleSet
from engine.deadline.rule_file import parse_rules
from engine.errors import CalendarMissing, NotFound
from engine.history.append import append
from engine.history.digest import SYSTEM_CHAIN
from engine.store.base import table_of
from engine.store.hold import hold
from engine.store.prepared import Prepared
from engine.store.read_once import forget, read_once
from engine.store.tables import CalendarVersion, HistoryEntry, HistoryPayload, RuleVersion

RULES, CALENDARS = "rules in force", "calendars in force"
"""Read once in a transaction."""


def publish_rules(session: Session, text: str, *, by: Actor, now: datetime, reason: str = "") -> RuleVersion:
    """A new version of deadlines.toml; the newest version's text again is that version.

    Raises:
        InvalidData: with every problem of the file.
    """
    parse_rules(text)
    hold(session, "rules")
    known = rule_versions(session)
    digest = hashlib.sha256(text.encode()).hexdigest()
    if known and known[0].digest == digest:
        return known[0]
    if any(row.digest == digest for row in known):
        text = f"# 第 {len(known) + 1} 版：恢复以前一版的内容\n{text}"
        digest = hashlib.sha256(text.encode()).hexdigest()
    row = RuleVersion(digest=digest, content=text, published_at=now, published_by=by.login)
    session.add(row)
    forget(session, RULES)
    payload = {"digest": digest, "reason": reason}
    append(session, SYSTEM_CHAIN, "rules.published", at=now, actor=by, payload=payload)
    session.flush()
    return row


def rule_versions(session: Session) -> Sequence[RuleVersion]:
    """All versions of the rules, the newest first."""
    return session.scalars(select(RuleVersion).order_by(RuleVersion.published_at.desc())).all()


def publish_calendar(
    session: Session, year: int, text: str, *, by: Actor, now: datetime, reason: str = ""
) -> CalendarVersion:
    """A new version of one year's calendar; the newest version's text again is that version.

    Raises:
        InvalidData: with every problem of the file.
    """
    Calendar.from_tomls({year: text})
    hold(session, "calendar", str(year))
    known = calendar_versions(session, year)
    digest = hashlib.sha256(text.encode()).hexdigest()
    if known and known[0].digest == digest:
        return known[0]
    number = known[0].version + 1 if known else 1
    if again := next((row for row in known if row.digest == digest), None):
        text = f"# 第 {number} 版：恢复第 {again.version} 版的内容\n{text}"
        digest = hashlib.sha256(text.encode()).hexdigest()
    row = CalendarVersion(
        year=year, version=number, digest=digest, content=text, published_at=now, published_by=by.login
    )
    session.add(row)
    forget(session, CALENDARS)
    payload = {"year": year, "version": number, "digest": digest, "reason": reason}
    append(session, SYSTEM_CHAIN, "calendar.published", at=now, actor=by, payload=payload)
    session.flush()
    return row


def calendar_versions(session: Session, year: int) -> Sequence[CalendarVersion]:
    """All versions of one year, the newest first."""
    return session.scalars(
        select(CalendarVersion).where(CalendarVersion.year == year).order_by(CalendarVersion.version.desc())
    ).all()


def newest_calendar(session: Session) -> dict[int, str]:
    """Year → the text in force."""
    table = table_of(CalendarVersion)
    rows = session.execute(select(table.c.year, table.c.content).order_by(table.c.year, table.c.version))
    return {row.year: row.content for row in rows}


def reasons(session: Session, kind: str) -> dict[str, str]:
    """Digest of a version → why it was published; `kind` is that of its history entry.

    Needs eyes that see the chain of the system.
    """
    payloads = session.scalars(
        select(HistoryPayload.content)
        .join(
            HistoryEntry,
            (HistoryEntry.chain == HistoryPayload.chain) & (HistoryEntry.seq == HistoryPayload.seq),
        )
        .where(HistoryEntry.chain == SYSTEM_CHAIN, HistoryEntry.kind == kind)
    )
    read = [orjson.loads(content) for content in payloads if content]
    return {payload["digest"]: payload.get("reason", "") for payload in read}


_rules_table, _calendar_table = table_of(RuleVersion), table_of(CalendarVersion)
_newest_rules = Prepared(select(_rules_table.c.digest).order_by(_rules_table.c.published_at.desc()).limit(1))
_calendars = Prepared(
    select(_calendar_table.c.year, _calendar_table.c.digest).order_by(
        _calendar_table.c.year, _calendar_table.c.version
    )
)
"""Every version, the newest of a year after the others."""


class Periods:
    """Rules and calendar in force, parsed once per version and shared between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._rules: tuple[str, RuleSet] | None = None
        self._calendar: tuple[Mapping[int, str], Calendar] | None = None

    def rules(self, session: Session) -> RuleSet:
        """The newest version. Raises NotFound when none is published."""
        found = read_once(session, RULES, lambda: _newest_rules.row(session))
        if found is None:
            raise NotFound("还没有发布期限规则：请先导入 deadlines.toml")
        digest = found[0]
        with self._lock:
            if self._rules is None or self._rules[0] != digest:
                table = table_of(RuleVersion)
                text = session.scalar(select(table.c.content).where(table.c.digest == digest)) or ""
                self._rules = (digest, parse_rules(text))
            return self._rules[1]

    def calendar(self, session: Session) -> Calendar:
        """The newest version of every year. Raises CalendarMissing when none is published."""
        newest = read_once(session, CALENDARS, lambda: dict(_calendars.rows(session)))
        if not newest:
            raise CalendarMissing("还没有发布工作日历：请先导入 calendar/ 中的年度文件")
        with self._lock:
            if self._calendar is None or self._calendar[0] != newest:
                table = table_of(CalendarVersion)
                texts = {
                    year: session.scalar(
                        select(table.c.content).where(table.c.year == year, table.c.digest == digest)
                    )
                    or ""
                    for year, digest in newest.items()
                }
                self._calendar = (newest, Calendar.from_tomls(texts))
            return self._calendar[1]
