"""What each cycle did, is about to do, and left out: for the page, the command and the feed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from engine.deadline.calendar import WorkCalendar
from engine.deadline.shanghai import SHANGHAI, date_of
from engine.store.base import table_of
from engine.store.tables import Definition, DefinitionProcess, Instance, Job
from supervision.cycles.recur import Cycle, occasions
from supervision.cycles.settled import settled
from supervision.cycles.table import CycleRun, CycleState
from supervision.cycles.words import late_in_words, moved_in_words, provisional, rule_in_words

MOST_RUNS = 104
"""Occasions read of one cycle: two years of a weekly one."""
BACK = timedelta(days=31)
"""How far before today an occasion that has not begun can have been drawn."""
NEVER_AHEAD = timedelta(days=60)
"""An occasion drawn later than `until` plus this does not begin before."""


@dataclass(frozen=True)
class Coming:
    """An occasion that is not on file yet. `moved` says why it is not on the drawn day."""

    key: str
    label: str
    drawn_on: date
    on: date
    due_at: datetime
    moved: str
    provisional: bool


@dataclass(frozen=True)
class Ran:
    """An occasion on file. `state` is started, planned, failed or skipped."""

    run: CycleRun
    state: str
    instance: Instance | None
    late: str
    overlaps: tuple[str, ...]
    """Labels of earlier occasions whose process was still running when this one began."""
    error: str
    """Why the start failed, for whoever repairs it."""

    @property
    def overlap(self) -> str:
        """``与 2026H1 重叠``, ``与 2026-W46 等 8 期重叠``; '' where there is none."""
        if not self.overlaps:
            return ""
        more = f" 等 {len(self.overlaps)} 期" if len(self.overlaps) > 1 else " "
        return f"与 {self.overlaps[-1]}{more}重叠"


@dataclass(frozen=True)
class CycleView:
    """One cycle with its past, newest first, and its future, nearest first."""

    cycle: Cycle
    process_name: str
    """'' where no version of its process is in effect: 未发布."""
    state: CycleState | None
    """None until the scheduler first looked at it."""
    ran: Sequence[Ran]
    coming: Sequence[Coming]

    @property
    def rule(self) -> str:
        return rule_in_words(self.cycle)

    @property
    def paused(self) -> bool:
        return bool(self.state and self.state.paused_at)

    @property
    def running(self) -> list[Ran]:
        """Occasions whose process is under way."""
        return [ran for ran in self.ran if ran.instance is not None and ran.instance.ended_at is None]


def look(session: Session, cycle: Cycle, calendar: WorkCalendar, now: datetime, until: date) -> CycleView:
    """Needs eyes that see every case: whether the viewer may open one is asked by whoever shows a link."""
    cycle = settled(session, cycle)
    newest = select(CycleRun).where(CycleRun.cycle == cycle.key).order_by(CycleRun.drawn_on.desc())
    runs = session.scalars(newest.limit(MOST_RUNS)).all()
    state = session.get(CycleState, cycle.key)
    return CycleView(
        cycle,
        process_name(session, cycle.process, now),
        state,
        _ran(session, runs),
        coming(cycle, calendar, now, until, known=frozenset(run.key for run in runs)),
    )


def coming(
    cycle: Cycle, calendar: WorkCalendar, now: datetime, until: date, known: frozenset[str] = frozenset()
) -> list[Coming]:
    """Occasions of today up to `until` that are not on file in `known`, nearest first."""
    end = datetime.combine(until + NEVER_AHEAD, time(), SHANGHAI)
    found = occasions(cycle, calendar, date_of(now) - BACK, end)
    return [
        Coming(
            o.key, o.label, o.drawn_on, o.on, o.due_at, moved_in_words(cycle, calendar, o),
            provisional(calendar, o),
        )
        for o in found
        if date_of(now) <= o.on <= until and o.key not in known
    ]  # fmt: skip


def gone(session: Session, cycles: Sequence[Cycle]) -> dict[str, int]:
    """Cycles that came round and no longer stand in the file: key → how many occasions are on file."""
    runs, keys = table_of(CycleRun), [cycle.key for cycle in cycles]
    rows = session.execute(
        select(runs.c.cycle, func.count()).where(runs.c.cycle.not_in(keys)).group_by(runs.c.cycle)
    )
    return {row[0]: row[1] for row in rows}


def process_name(session: Session, name: str, now: datetime) -> str:
    """The name of the version in effect, '' when there is none."""
    found = session.scalars(
        select(Definition.name)
        .join(DefinitionProcess, DefinitionProcess.definition_id == Definition.id)
        .where(
            or_(Definition.key == name, DefinitionProcess.process_id == name),
            Definition.effective_from <= now,
        )
        .order_by(Definition.version.desc())
        .limit(1)
    ).first()
    return found or ""


def _ran(session: Session, runs: Sequence[CycleRun]) -> list[Ran]:
    ids = [run.instance_id for run in runs if run.instance_id]
    instances = {row.id: row for row in session.scalars(select(Instance).where(Instance.id.in_(ids)))}
    waiting = [run.key for run in runs if run.status == "planned"]
    jobs = session.execute(
        select(Job.key, Job.last_error).where(Job.key.in_(waiting), Job.status == "incident")
    )
    failed = {row.key: row.last_error for row in jobs}
    return [
        Ran(
            run,
            "failed" if run.key in failed else run.status,
            instances.get(run.instance_id or ""),
            late_in_words(run.started_at - run.due_at) if run.started_at else "",
            _overlaps(run, runs, instances),
            failed.get(run.key, ""),
        )
        for run in runs
    ]


def _overlaps(run: CycleRun, runs: Sequence[CycleRun], instances: dict[str, Instance]) -> tuple[str, ...]:
    began = run.started_at
    if began is None:
        return ()
    return tuple(
        other.label
        for other in reversed(runs)
        if other is not run
        and other.started_at is not None
        and other.started_at < began
        and (instance := instances.get(other.instance_id or "")) is not None
        and (instance.ended_at is None or instance.ended_at > began)
    )
