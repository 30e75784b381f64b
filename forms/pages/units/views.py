"""The page 各单位 of a case that asked them, and 补发 to a unit that was not on the list."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, render_template, request, url_for

from engine.errors import Conflict, InvalidData, NotFound
from engine.store.tables import FanOut
from forms.database import acting, request_session
from forms.pages.blueprints import staff
from forms.pages.case.access import open_case
from forms.pages.units.look import SHOWS, look, newest
from forms.services import now, services
from forms.signed_in import demand, person
from supervision.fan_out.later import ASKERS, ask_too, is_open, not_asked
from supervision.once import outcome_of, remember

WHY = "补发由督查室办理"


@staff.get("/case/<instance_id>/units")
def case_units(instance_id: str) -> Any:
    return _page(instance_id, *_fan(instance_id))


@staff.post("/case/<instance_id>/units")
def case_units_post(instance_id: str) -> Any:
    """补发."""
    demand(WHY, *ASKERS)
    fan, _ = _fan(instance_id)
    session, key = request_session(), request.form.get("_key", "")[:64]
    back = redirect(url_for("staff.case_units", instance_id=instance_id), 303)
    if outcome_of(session, key):
        return back
    try:
        with acting(session):
            wanted, reason = request.form.get("unit_code", "")[:60], request.form.get("reason", "")[:200]
            asked = ask_too(session, fan, wanted, reason=reason, actor=person().actor, now=now())
            remember(session, key, asked.item, now())
    except InvalidData as wrong:
        session.rollback()
        return _page(instance_id, *_fan(instance_id), errors=wrong.errors), 422
    except Conflict as refused:
        session.rollback()
        return _page(instance_id, *_fan(instance_id), errors={"unit_code": [f"{refused}。"]}), 409
    session.commit()
    flash(f"已向“{asked.name}”补发，稍后即可在名单中看到。", "success")
    return back


def _fan(instance_id: str) -> tuple[FanOut, str]:
    """The fan-out with the title of its case. Raises NotFound where there is none, or not for this person."""
    session = request_session()
    instance, _ = open_case(session, instance_id, person())
    fan = newest(session, instance_id)
    if fan is None:
        raise NotFound(f"Expected a fan-out of {instance_id}, but there is none")
    return fan, instance.title


def _page(instance_id: str, fan: FanOut, title: str, errors: Mapping[str, Any] | None = None) -> str:
    session = request_session()
    before = request.args.get("before", 0, type=int)
    view = look(
        session, services().context.calendar(session), fan, now(),
        show=request.args.get("show", ""), before=max(0, min(before, fan.total)),
    )  # fmt: skip
    may_ask = person().holds(*ASKERS) and is_open(fan)
    return render_template(
        "units.html",
        view=view,
        shows=SHOWS,
        title=title,
        instance_id=instance_id,
        others=not_asked(session, fan) if may_ask else [],
        may_ask=may_ask,
        errors=errors or {},
        typed=request.form,
        key=secrets.token_hex(16),
    )
