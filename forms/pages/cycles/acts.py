"""立即启动, 暂停, 继续: each with a reason, each done once however often the form is sent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, request, url_for
from sqlalchemy.orm import Session

from engine.errors import Conflict, InvalidData
from forms.database import acting, request_session
from forms.pages.blueprints import staff
from forms.pages.cycles.views import VIEWERS, WHY, find, show
from forms.services import now, services
from forms.signed_in import demand, person
from supervision.cycles.by_hand import start_now
from supervision.cycles.pause import go_on, pause
from supervision.cycles.recur import Cycle
from supervision.once import outcome_of, remember

Act = Callable[[Session, Cycle, str], str]
"""(session, cycle, reason) → the sentence to say."""


@staff.post("/cycles/<key>/start")
def cycles_start(key: str) -> Any:
    def start(session: Session, cycle: Cycle, reason: str) -> str:
        wanted, by = request.form.get("occasion", ""), person().actor
        start_now(session, services().context, cycle, wanted, reason=reason, by=by, now=now())
        return f"“{cycle.name}”{wanted.partition(':')[2]} 已启动；到了原定的日子不会再启动一次。"

    return _do("start", key, start)


@staff.post("/cycles/<key>/pause")
def cycles_pause(key: str) -> Any:
    def stop(session: Session, cycle: Cycle, reason: str) -> str:
        calendar = services().context.calendar(session)
        pause(session, cycle, calendar, reason=reason, by=person().actor, now=now())
        return f"“{cycle.name}”已暂停：暂停期间到来的各期会跳过，并留有记录。"

    return _do("pause", key, stop)


@staff.post("/cycles/<key>/continue")
def cycles_continue(key: str) -> Any:
    def proceed(session: Session, cycle: Cycle, reason: str) -> str:
        calendar = services().context.calendar(session)
        go_on(session, cycle, calendar, reason=reason, by=person().actor, now=now())
        return f"“{cycle.name}”已继续：以后各期照常开始，暂停期间跳过的不会补开。"

    return _do("continue", key, proceed)


def _do(name: str, key: str, act: Act) -> Any:
    """A refusal changes nothing and shows the page again with the reason and what was typed."""
    demand(WHY, *VIEWERS)
    cycle, session = find(key), request_session()
    once = request.form.get("_key", "")[:64]
    back = redirect(url_for("staff.cycles_one", key=key), 303)
    if outcome_of(session, once):
        return back
    try:
        with acting(session):
            sentence = act(session, cycle, request.form.get("reason", ""))
            remember(session, once, name, now())
    except InvalidData as wrong:
        session.rollback()
        texts = "；".join(text for texts in wrong.errors.values() for text in texts)
        return show(cycle, opened=name, typed=request.form, wrong=texts), 422
    except Conflict as refused:
        session.rollback()
        return show(cycle, opened=name, typed=request.form, wrong=f"{refused}。"), 409
    session.commit()
    flash(sentence, "success")
    return back
