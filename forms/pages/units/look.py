"""The units that a case asked, a page of them at a time: state, step, deadline and its light."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from engine.deadline.calendar import WorkCalendar
from engine.store.tables import Deadline, FanOut, FanOutMember, Incident, Task
from engine.store.tables.task import OPEN
from forms.due import DueView, due_view
from supervision.fan_out.members import words_of

PAGE, GLANCE = 20, 8
"""Lines of the page, and of the case page."""
SHOWS = {"missing": "未报", "reported": "已报", "all": "全部"}
"""Values of `show` and the words of their tabs."""

STATES = {"pending": "待下发", "started": "办理中", "completed": "已报送", "terminated": "已取消"}


@dataclass(frozen=True)
class UnitLine:
    """`instance_id` is '' while the unit's process has not begun; `due` None where it has no deadline."""

    name: str
    instance_id: str
    state: str
    light: str
    step: str
    due: DueView | None
    ended_at: datetime | None


@dataclass(frozen=True)
class UnitsView:
    """One fan-out of a case. `after` is the number of lines before the next page, None on the last."""

    fan: FanOut
    whom: str
    counts: Mapping[str, int]
    show: str
    lines: Sequence[UnitLine]
    page: int
    after: int | None

    @property
    def words(self) -> str:
        """How far it is, in one sentence."""
        fan = self.fan
        if fan.status == "listing":
            return "正在列出名单，稍后刷新即可看到。"
        if fan.status == "cancelled":
            return "流程在下发完以前已经结束，没有再向其余单位下发。"
        if not fan.total:
            return "没有符合条件的单位：请核对单位名录的类型、自查义务和是否停用。"
        if fan.started < fan.total:
            return f"正在下发：{fan.total} 个单位中已开始 {fan.started} 个。"
        if fan.joined_at:
            return "全部单位都已报齐。"
        return "已经汇总，不再等候；未报的单位仍须报送。" if fan.closed_at else "正在等候各单位报送。"


def newest(session: Session, instance_id: str) -> FanOut | None:
    """The last fan-out of a case, if it has any."""
    return session.scalars(
        select(FanOut)
        .where(FanOut.instance_id == instance_id)
        .order_by(FanOut.created_at.desc(), FanOut.id)
        .limit(1)
    ).first()


def look(
    session: Session,
    calendar: WorkCalendar,
    fan: FanOut,
    now: datetime,
    *,
    show: str = "",
    before: int = 0,
    most: int = PAGE,
) -> UnitsView:
    """`most` lines from number `before` on.

    `show`: a key of SHOWS; '' for who is missing, or for all when nobody is.
    """
    missing = fan.total - fan.reported - fan.dropped
    counts = {"missing": missing, "reported": fan.reported, "all": fan.total}
    show = show if show in SHOWS else "missing" if missing else "all"
    rows = session.scalars(
        select(FanOutMember)
        .where(FanOutMember.fan_out_id == fan.id, *_shown(show))
        .order_by(FanOutMember.position)
        .offset(before)
        .limit(most + 1)
    ).all()
    ids = [row.instance_id for row in rows[:most] if row.instance_id]
    steps, dues, stuck = _steps(session, ids), _dues(session, calendar, ids, now), _stuck(session, ids)
    lines = [_line(row, steps, dues, stuck) for row in rows[:most]]
    after = before + most if len(rows) > most else None
    return UnitsView(fan, words_of(fan.selection), counts, show, lines, before // most + 1, after)


def _shown(show: str) -> list[ColumnElement[bool]]:
    if show == "missing":
        return [FanOutMember.ended_at.is_(None)]
    return [FanOutMember.status == "completed"] if show == "reported" else []


def _line(
    row: FanOutMember, steps: Mapping[str, str], dues: Mapping[str, DueView], stuck: set[str]
) -> UnitLine:
    child = row.instance_id or ""
    due = dues.get(child)
    light = due.light if due else ""
    state = {"pending": "待下发", "started": "办理中", "completed": "已报送", "terminated": "已取消"}[
        row.status
    ]
    if row.status == "started" and child in stuck:
        state, light = "出现异常", "red"
    elif row.status == "started" and light in ("amber", "red", "grey"):
        state = due.label if due else state
    return UnitLine(row.name, child, state, light, steps.get(child, ""), due, row.ended_at)


def _steps(session: Session, ids: Sequence[str]) -> dict[str, str]:
    rows = session.execute(
        select(Task.instance_id, Task.name)
        .where(Task.instance_id.in_(ids), Task.status == OPEN)
        .order_by(Task.created_at)
    )
    steps: dict[str, list[str]] = {}
    for instance_id, name in rows:
        steps.setdefault(instance_id, []).append(name)
    return {instance_id: "、".join(dict.fromkeys(names)) for instance_id, names in steps.items()}


def _dues(session: Session, calendar: WorkCalendar, ids: Sequence[str], now: datetime) -> dict[str, DueView]:
    """Of each the deadline that runs and ends first, else the first that was finished."""
    rows = session.scalars(
        select(Deadline)
        .where(Deadline.instance_id.in_(ids), Deadline.status != "cancelled")
        .order_by(Deadline.finished_at.is_not(None), Deadline.due_at, Deadline.id)
    ).all()
    first: dict[str, Deadline] = {}
    for row in rows:
        first.setdefault(row.instance_id, row)
    return {
        instance_id: due_view(
            row, calendar, now, start_on=row.start_on, finished_at=row.finished_at,
            suspended=row.status == "suspended",
        )
        for instance_id, row in first.items()
    }  # fmt: skip


def _stuck(session: Session, ids: Sequence[str]) -> set[str]:
    found = select(Incident.instance_id).where(Incident.instance_id.in_(ids), Incident.status == "open")
    return {str(instance_id) for instance_id in session.scalars(found)}
