"""The page 逾期清单."""

from __future__ import annotations

from typing import Any

from flask import render_template, request

from forms.database import request_session
from forms.pages.blueprints import staff
from forms.pages.case.access import LISTS_ONLY
from forms.pages.overdue.find import find_late, totals
from forms.services import now, services, today
from forms.signed_in import demand, person

WATCHERS = (
    "MANAGER", "AUDITOR", "DCS_LEAD", "DCS_CLERK", "LSG_HEAD", "LSG_DEPUTY", "LSG_MEMBER", "QZB_HEAD",
    "QZB_CLERK", "UP_LIAISON", "U_HEAD", "U_DEPUTY", "U_INNER_HEAD",
)  # fmt: skip


@staff.get("/overdue")
def overdue() -> Any:
    demand("逾期清单供督查室、领导小组和单位负责人查看", *WATCHERS)
    session = request_session()
    amber_too = request.args.get("lights") != "red"
    lines = find_late(session, services().context.calendar(session), now(), amber_too=amber_too)
    unit = request.args.get("unit", "")
    shown = [line for line in lines if not unit or line.unit == unit]
    return render_template(
        "overdue.html", lines=shown, totals=totals(lines), unit=unit, amber_too=amber_too, today=today(),
        red=sum(line.due.light == "red" for line in lines),
        amber=sum(line.due.light == "amber" for line in lines),
        may_open=bool(person().viewer.scopes - LISTS_ONLY),
    )  # fmt: skip
