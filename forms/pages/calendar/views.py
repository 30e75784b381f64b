"""The page 工作日历: one year, its notice, its versions."""

from __future__ import annotations

from typing import Any

from flask import abort, render_template

from engine.deadline.shanghai import FIRST_YEAR, LAST_YEAR
from forms.chinese import name_of
from forms.database import acting, request_session
from forms.pages.blueprints import staff
from forms.pages.calendar.months import months_of
from forms.services import now, services, today
from forms.signed_in import demand
from supervision.deadlines.missing_year import missing_years
from supervision.deadlines.versions import calendar_versions, reasons

KEEPERS = ("OWNER", "ADMIN")
WHY = "工作日历和期限规则由流程所有者和系统管理员维护"


@staff.get("/calendar")
def calendar() -> Any:
    return calendar_year(today().year)


@staff.get("/calendar/<int:year>")
def calendar_year(year: int) -> Any:
    demand(WHY, *KEEPERS)
    check_year(year)
    session = request_session()
    found = services().context.calendar(session)
    with acting(session):
        why = reasons(session, "calendar.published")
    versions = [
        (row, name_of(session, row.published_by), why.get(row.digest, ""))
        for row in calendar_versions(session, year)
    ]
    first, last = min(*found.years, year), max(*found.years, today().year + 1, year)
    months = months_of(found, year)
    return render_template(
        "calendar.html", year=year, years=range(first, last + 1), months=months, versions=versions,
        provisional=found.provisional(year), source=found.source(year), known=found.years,
        workdays=sum(month.workdays for month in months), missing=missing_years(found, now()),
    )  # fmt: skip


def check_year(year: int) -> None:
    """Answers 404 for a year nobody can mean."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        abort(404)
