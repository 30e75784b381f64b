"""The days of cycles as calendar entries: what came round lately, and what comes within two years."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.deadline.calendar import WorkCalendar
from engine.deadline.shanghai import date_of
from engine.store.base import table_of
from engine.store.tables import CalendarVersion
from supervision.cycles.look import Coming, CycleView, Ran, look
from supervision.cycles.recur import Cycle
from supervision.feed.entry import Entry

AHEAD = timedelta(days=731)
KEPT = timedelta(days=31)
STEPS = {"planned": 0, "failed": 0, "skipped": 1, "started": 2}
"""An occasion may be skipped and then started by hand, never the other way round."""


def cycle_days(
    session: Session, cycles: Sequence[Cycle], calendar: WorkCalendar, now: datetime
) -> list[Entry]:
    """Needs eyes that see every case, as `look`."""
    versions = _versions(session)
    entries = []
    for cycle in cycles:
        view = look(session, cycle, calendar, now, date_of(now) + AHEAD)
        since = now - KEPT
        entries += [_ran(view, ran, versions) for ran in view.ran if ran.run.due_at > since]
        entries += [_coming(view, one, versions) for one in view.coming]
    return sorted(entries, key=lambda entry: (entry.on, entry.uid))


def _coming(view: CycleView, one: Coming, versions: dict[int, list[datetime]]) -> Entry:
    changes, changed_at = _base(view, one.drawn_on, versions)
    mark = "（暂定）" if one.provisional else ""
    starts = [f"流程 {date_of(one.due_at)} 开始"] if date_of(one.due_at) != one.on else []
    return Entry(
        uid=_uid(one.key),
        on=one.on,
        title=f"{view.cycle.name} {one.label}{mark}",
        lines=tuple(line for line in (view.rule, one.moved, *starts) if line),
        path=f"/cycles/{view.cycle.key}",
        sequence=changes,
        changed_at=changed_at,
        cancelled=view.paused,
        tentative=one.provisional,
    )


def _ran(view: CycleView, ran: Ran, versions: dict[int, list[datetime]]) -> Entry:
    run = ran.run
    changes, changed_at = _base(view, run.drawn_on, versions)
    skipped = [f"跳过：{run.reason}"] if run.status == "skipped" else []
    return Entry(
        uid=_uid(run.key),
        on=run.cycle_on,
        title=f"{view.cycle.name} {run.label}",
        lines=tuple(line for line in (view.rule, run.moved, *skipped) if line),
        path=f"/cycles/{view.cycle.key}",
        sequence=changes + STEPS[ran.state],
        changed_at=max(changed_at, run.started_at or run.created_at),
        cancelled=run.status == "skipped",
    )


def _base(view: CycleView, drawn_on: date, versions: dict[int, list[datetime]]) -> tuple[int, datetime]:
    """How often something changed that could have moved the day, and when it did last."""
    published = [at for year in (-1, 0, 1) for at in versions.get(drawn_on.year + year, [])]
    known = [*published, min(at for times in versions.values() for at in times)]
    if view.state is not None:
        known += [view.state.since, view.state.paused_at or view.state.since]
    return len(published) + (view.state.changes if view.state else 0), max(known)


def _versions(session: Session) -> dict[int, list[datetime]]:
    table = table_of(CalendarVersion)
    found: dict[int, list[datetime]] = {}
    for row in session.execute(select(table.c.year, table.c.published_at)):
        found.setdefault(row.year, []).append(row.published_at)
    return found


def _uid(key: str) -> str:
    return f"cycle-{key.replace(':', '-')}"
