"""催办 by hand, from the list of what is late."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request, url_for

from engine.errors import Conflict
from forms.database import acting, request_session
from forms.pages.blueprints import staff
from forms.pages.overdue.watchers import WATCHERS
from forms.services import now, services
from forms.signed_in import demand, person
from supervision.escalation.follow_ups import urge
from supervision.once import outcome_of, remember


@staff.post("/deadline/<deadline_id>/urge")
def urge_post(deadline_id: str) -> Any:
    """Begins the draft of a 催办通知书; sent twice, it begins one."""
    demand("催办由督查室经办人和负责人发起", *WATCHERS)
    session, key = request_session(), request.form.get("_key", "")[:64]
    back = redirect(url_for("staff.overdue"), 303)
    if outcome_of(session, key):
        return back
    try:
        with acting(session):
            done = urge(
                session, services().context, deadline_id, request.form.get("unit", "")[:40],
                actor=person().actor, now=now(),
            )  # fmt: skip
            remember(session, key, done.id, now())
    except Conflict as refused:
        session.rollback()
        flash(str(refused), "warn")
        return back
    session.commit()
    flash("催办通知书的草稿已经生成，请经办人核对后制发。", "success")
    return back
