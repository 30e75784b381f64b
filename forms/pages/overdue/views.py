"""The page 逾期清单."""

from __future__ import annotations

import secrets
from typing import Any

from flask import render_template, request

from forms.database import request_session
from forms.pages.blueprints import staff
from forms.pages.case.access import LISTS_ONLY
from forms.pages.overdue.find import find_late, totals
from forms.pages.overdue.watchers import WATCHERS
from forms.services import now, services, today
from forms.signed_in import demand, person


@staff.get("/overdue")
def overdue() -> Any:
    demand("逾期清单供督查室、领导小组和单位负责人查看", *WATCHERS)
    session = request_session()
    amber_too = request.args.get("lights") != "red"
    calendar = services().context.calendar(session)
    lines = find_late(session, calendar, person(), now(), amber_too=amber_too)
    unit = request.args.get("unit", "")
    shown = [line for line in lines if not unit or line.unit == unit]
    return render_template(
        "overdue.html", lines=shown, totals=totals(lines), unit=unit, amber_too=amber_too, today=today(),
        red=sum(line.due.light == "red" for line in lines),
        amber=sum(line.due.light == "amber" for line in lines),
        may_open=bool(person().viewer.scopes - LISTS_ONLY), key=secrets.token_hex(12),
    )  # fmt: skip
