"""The page 区的设置: the twelve questions, their values in force, and a form to change each with a reason."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for

from engine.errors import Conflict, InvalidData
from forms.database import acting, request_session
from forms.pages.blueprints import staff
from forms.pages.law.found import KEEPERS, WHY_KEEP
from forms.services import now, services
from forms.signed_in import demand, person
from supervision.setting.change import answers, change_setting
from supervision.setting.known import known

LONGEST = 300


@staff.get("/settings")
def settings() -> Any:
    """区的设置：需要本区决定的十二件事. Source: R15"""
    demand(WHY_KEEP, *KEEPERS)
    return _page()


@staff.post("/settings/<key>")
def settings_post(key: str) -> Any:
    demand(WHY_KEEP, *KEEPERS)
    session, form = request_session(), request.form
    value, reason = form.get("value", "")[:LONGEST], form.get("reason", "")[:LONGEST]
    try:
        with acting(session):
            change_setting(
                session, services().context, key, value, reason=reason, by=person().actor, now=now()
            )
    except (InvalidData, Conflict) as refused:
        session.rollback()
        errors = refused.errors.values() if isinstance(refused, InvalidData) else [[str(refused)]]
        return _page(key, value, reason, [text for texts in errors for text in texts]), 422
    session.commit()
    flash(f"“{known(session)[key].label}”已修改。", "success")
    return redirect(url_for("staff.settings") + f"#{key}", 303)


def _page(key: str = "", value: str = "", reason: str = "", problems: list[str] | None = None) -> str:
    session = request_session()
    with acting(session):
        found = answers(session, services().context)
    return render_template(
        "settings.html", answers=found, key=key, typed=value, reason=reason, problems=problems or []
    )
