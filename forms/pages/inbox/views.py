"""The pages 待办, 已办 and 我发起."""

from __future__ import annotations

from typing import Any

from flask import render_template, request

from forms.database import request_session
from forms.due import due_view
from forms.pages.blueprints import staff
from forms.pages.inbox.find import TABS, count, find
from forms.pages.inbox.history import done as find_done
from forms.pages.inbox.history import started as find_started
from forms.services import now, services, today
from forms.signed_in import person


@staff.get("/inbox")
def inbox() -> Any:
    session, actor = request_session(), person().actor
    tab = request.args.get("tab", "all")
    tab = tab if tab in TABS else "all"
    words, cursor = request.args.get("q", "").strip()[:60], request.args.get("after", "")
    found = find(session, actor, now(), tab=tab, words=words, cursor=cursor)
    calendar = services().context.calendar(session)
    rows = [(line, due_view(line.task, calendar, now(), start_on=line.start_on)) for line in found.lines]
    return render_template(
        "inbox.html", rows=rows, next=found.next, tab=tab, tabs=TABS, q=words, cursor=cursor, today=today(),
        counts=count(session, actor, now()),
    )  # fmt: skip


@staff.get("/done")
def done() -> Any:
    words, cursor = request.args.get("q", "").strip()[:60], request.args.get("after", "")
    page = find_done(request_session(), person().actor, words=words, cursor=cursor)
    return render_template("done.html", page=page, q=words, cursor=cursor)


@staff.get("/started")
def started() -> Any:
    words, cursor = request.args.get("q", "").strip()[:60], request.args.get("after", "")
    page = find_started(request_session(), person().actor, words=words, cursor=cursor)
    return render_template("started.html", page=page, q=words, cursor=cursor)
