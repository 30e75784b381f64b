"""全部重发: after a gateway was away, all messages that nobody got are queued again at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import flash, redirect, request, url_for
from sqlalchemy.orm import Session

import engine.incident
from engine.errors import InvalidData
from engine.store.tables import Incident
from forms.database import acting, request_session
from forms.pages.blueprints import staff
from forms.pages.incidents.views import WHY
from forms.services import now, services
from forms.signed_in import demand, person
from supervision.notice.channels import channels

LONGEST = 500


def unsent(session: Session) -> Sequence[Incident]:
    """Open incidents of messages, oldest first."""
    return [one for one in engine.incident.open_incidents(session) if one.data.get("kind") in channels()]


@staff.post("/incidents/resend")
def incidents_resend() -> Any:
    demand(WHY, "ADMIN")
    session, actor = request_session(), person().actor
    reason = request.form.get("reason", "").strip()[:LONGEST]
    waiting = unsent(session)
    try:
        with acting(session):
            for incident in waiting:
                engine.incident.retry(
                    session, services().context, incident.id, reason=reason, actor=actor, now=now()
                )
    except InvalidData as wrong:
        session.rollback()
        flash("；".join(text for texts in wrong.errors.values() for text in texts), "warning")
        return redirect(url_for("staff.incidents"), 303)
    session.commit()
    flash(f"{len(waiting)} 条消息已重新排队，几秒后再发。" if waiting else "没有需要重发的消息。")
    return redirect(url_for("staff.incidents"), 303)
