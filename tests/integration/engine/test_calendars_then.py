"""The calendar of then is found again by its version, whatever was published since."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from engine.deadline.calendar import Calendar, version_of
from engine.errors import NotFound
from engine.instance import Context
from engine.instance.advance import advance
from engine.instance.calendars_then import CalendarsThen
from engine.instance.commands import Cancel
from engine.instance.course import counted
from engine.instance.follow import Work
from engine.store.tables import CalendarVersion, Deadline

from .clocks import LEAD, Clock, at, handling_case
from .conftest import PROCESSES, T0

FILES = {year: (PROCESSES / "calendar" / f"{year}.toml").read_text("utf-8") for year in (2025, 2026)}
STORM = FILES[2026] + '\n[[holiday]]\nname = "停工"\nfrom = 2026-03-05\nto = 2026-03-06\n'


@pytest.fixture
def published(session: Session) -> None:
    """Two years at once, then one of them anew, and then as it was before under another text."""
    again = f"# 恢复\n{FILES[2026]}"
    for hours, year, version, content in [
        (0, 2025, 1, FILES[2025]), (0, 2026, 1, FILES[2026]), (1, 2026, 2, STORM), (2, 2026, 3, again),
    ]:  # fmt: skip
        session.add(
            CalendarVersion(
                year=year, version=version, digest=f"{version:064}", content=content,
                published_at=T0 + timedelta(hours=hours), published_by="owner",
            )
        )  # fmt: skip
    session.flush()


def test_each_version_that_was_in_force_is_found(session: Session, context: Context, published: None) -> None:
    then = CalendarsThen(session, context)
    stormy = then.of(version_of({**FILES, 2026: STORM}))
    assert not stormy.is_workday(at("2026-03-05T10:00").date())
    assert stormy.years == (2025, 2026)
    plain = then.of(version_of(FILES))
    assert plain.is_workday(at("2026-03-05T10:00").date())
    assert then.of(plain.version) is plain
    newest = context.calendar(session)
    assert then.of(newest.version) is newest


@pytest.mark.parametrize("years", [{2026: STORM}, {2025: FILES[2025]}, {}])
def test_what_was_never_in_force_is_not(
    session: Session, context: Context, published: None, years: dict[int, str]
) -> None:
    # given years that are on file, but never stood alone
    with pytest.raises(NotFound, match="不在数据库里"):
        CalendarsThen(session, context).of(version_of(years))


def test_a_suspension_that_ends_with_its_case_is_counted_on_the_calendar_it_names(
    session: Session, context: Context
) -> None:
    # given a suspended period, and a notice that comes meanwhile
    handling = handling_case(Clock(session, context))
    Clock(session, context).suspend("2026-03-04T10:00")
    calendar = Calendar.from_tomls({2026: STORM.replace("03-05", "03-16").replace("03-06", "03-17")})
    stormy = replace(context, calendar=lambda session: calendar)
    # when the whole case is ended
    advance(session, stormy, Work(handling, Cancel()), actor=LEAD, now=at("2026-03-06T10:00"))
    # then its days are those of the calendar it names
    session.expire_all()
    rows = session.query(Deadline).all()
    assert len(rows) == 2  # the task's, and that of the timer on it
    for row in rows:
        assert (row.status, row.calendar_version) == ("cancelled", calendar.version)
        assert counted(session, stormy, row).due_on == row.due_on
