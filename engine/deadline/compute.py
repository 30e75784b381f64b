"""The due day of a rule from its start, with its ladder; the proof is written only when asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial

from engine.deadline.calendar import WorkCalendar
from engine.deadline.course import UNEVENTFUL, Course
from engine.deadline.ladder import climb
from engine.deadline.pause import Pause, paused_days
from engine.deadline.proof import Proof, explain
from engine.deadline.rule import Rule
from engine.deadline.seal import sealed
from engine.deadline.shanghai import ONE_DAY, date_of, end_of, last_day_before
from engine.deadline.span import Span, measure
from engine.errors import InvalidData


@dataclass(frozen=True)
class Due:
    """When a period ends. Dates are those of Asia/Shanghai."""

    key: str
    start_on: date
    due_on: date
    due_at: datetime
    """First moment after the legal end (24:00 of its day), aware UTC."""
    amber_on: date | None
    levels: Mapping[str, date]
    """``L1`` (absent for 当日) … ``L4`` → first day of that level."""
    provisional: bool
    """Whether a year without holiday notice took part; recompute when it is loaded."""
    _explain: Callable[[], Proof] = field(repr=False, compare=False)

    @property
    def legal_on(self) -> date:
        """The last legal day: `due_on`, except for a fixed date that falls on a rest day."""
        return last_day_before(self.due_at)

    @property
    def proof(self) -> Proof:
        """How every day was counted, as plain JSON-able values with their digest; see `proof.explain`."""
        return sealed(self._explain())


def compute(
    rule: Rule,
    calendar: WorkCalendar,
    start: date | datetime,
    *,
    extended_by: int = 0,
    pauses: Sequence[Pause] = (),
    course: Course = UNEVENTFUL,
) -> Due:
    """When the period of `rule` that began at `start` ends.

    `extended_by` is in the rule's unit and counts on from the original length; the end is shifted once.
    `course` tells the proof how extensions, restarts and a lasting suspension came about; it moves nothing.

    Raises:
        InvalidData: an unusable start (`start`), pause (`pauses`) or extension (`extended_by`), or a `course`
            that does not lead to them.
    """
    start_on = date_of(start)
    if extended_by < 0 or (extended_by and rule.unit == "date"):
        raise InvalidData({"extended_by": [f"期限 {rule.key} 不能按 {extended_by} 延长。"]})
    course.checked(start_on, extended_by)
    off = paused_days(pauses)
    span = measure(rule, calendar, start_on, extended_by, off)
    amber_on, levels = climb(rule.ladder, calendar, span, off)
    years = _years(span, amber_on, levels)
    provisional = any(map(calendar.provisional, years))
    due_at = end_of(span.legal_on)
    return Due(
        rule.key, start_on, span.due_on, due_at, amber_on, levels, provisional,
        partial(explain, rule, calendar, span, amber_on, levels, extended_by, tuple(pauses), course, years),
    )  # fmt: skip


def _years(span: Span, amber_on: date | None, levels: Mapping[str, date]) -> tuple[int, ...]:
    """The years whose working days decided the result."""
    if span.unit == "cd":
        days = (amber_on or span.due_on, span.last_on, span.due_on)
        return tuple(sorted({day.year for day in days}))
    first = amber_on if span.unit == "date" and amber_on else span.start_on + ONE_DAY
    return tuple(range(min(first, span.due_on).year, levels["L4"].year + 1))
