"""站内通知: the bell's list."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for

from forms.database import request_session
from forms.pages.blueprints import staff
from forms.services import now
from forms.signed_in import person
from supervision.notice import mark_read, notices_of


@staff.get("/notices")
def notices() -> Any:
    return render_template("notices.html", notices=notices_of(request_session(), person().actor.login))


@staff.post("/notices/read")
def notices_read() -> Any:
    session = request_session()
    mark_read(session, person().actor.login, now())
    session.commit()
    flash("全部通知已标为已读。")
    return redirect(url_for("staff.notices"), 303)
