"""The pages 预警与亮牌: the cards of every unit, one card, and its withdrawal."""

from __future__ import annotations

import secrets
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy import select

from engine.errors import Conflict, InvalidData, NotFound
from engine.store.tables import Instance
from forms.chinese import name_of
from forms.database import acting, request_session
from forms.pages.blueprints import staff
from forms.pages.case.access import LISTS_ONLY
from forms.pages.escalation.find import STATES, CardLine, cards_seen, sums, waiting
from forms.pages.overdue.watchers import WATCHERS
from forms.services import now, services, today
from forms.signed_in import demand, person
from supervision.escalation.cards import may_withdraw, withdraw
from supervision.guards import demand_unnamed
from supervision.once import outcome_of, remember

READERS = (*WATCHERS, "U_CONTACT")
WHY = "预警与亮牌供督查室、领导小组和有关单位查看"
LONGEST = 300


@staff.get("/cards")
def cards() -> Any:
    demand(WHY, *READERS)
    lines = cards_seen(request_session(), person(), today())
    state, unit = request.args.get("state", "有效"), request.args.get("unit", "")
    shown = [
        each
        for each in lines
        if (state not in STATES or each.state == state) and (not unit or each.card.unit_code == unit)
    ]
    deciding = any(not scope.startswith("unit:") for scope in person().viewer.scopes - LISTS_ONLY)
    return render_template(
        "cards.html", lines=shown, waiting=waiting(request_session()) if deciding else [],
        sums=sums(lines), states=(*STATES, "全部"), state=state, unit=unit,
        unit_label=next((each.unit for each in lines if each.card.unit_code == unit), unit),
        counts={name: sum(each.state == name for each in lines) for name in STATES} | {"全部": len(lines)},
    )  # fmt: skip


@staff.get("/cards/<card_id>")
def cards_one(card_id: str) -> Any:
    return _page(_found(card_id))


@staff.post("/cards/<card_id>/withdraw")
def cards_withdraw(card_id: str) -> Any:
    """A second click finds it withdrawn by the first and shows it."""
    shown, session = _found(card_id), request_session()
    back = redirect(url_for("staff.cards_one", card_id=card_id), 303)
    key = request.form.get("_key", "")[:64]
    if outcome_of(session, key):
        return back
    reason = request.form.get("reason", "").strip()[:LONGEST]
    try:
        with acting(session):
            demand_unnamed(
                session, services().keys, shown.card.instance_id, person().actor, {"reason": reason}
            )
            withdraw(session, card_id, reason, actor=person().actor, now=now())
            remember(session, key, card_id, now())
    except InvalidData as wrong:
        session.rollback()
        return _page(shown, reason, wrong.errors["reason"][0]), 422
    except Conflict as refused:
        session.rollback()
        return _page(_found(card_id), reason, str(refused)), 409
    session.commit()
    flash(f"{shown.card.colour}已撤销，记录和理由保留，单位已收到通知。", "success")
    return back


def _found(card_id: str) -> CardLine:
    demand(WHY, *READERS)
    seen = cards_seen(request_session(), person(), today())
    found = next((each for each in seen if each.card.id == card_id), None)
    if found is None:
        raise NotFound(f"Expected a card {card_id}, but there is none")
    return found


def _page(shown: CardLine, typed: str = "", wrong: str = "") -> str:
    session = request_session()
    case = session.scalars(select(Instance.id).where(Instance.id == shown.card.instance_id)).first()
    with acting(session):
        allowed = shown.card.withdrawn_at is None and may_withdraw(session, shown.card, person().actor)
    return render_template(
        "card.html", line=shown, card=shown.card, typed=typed, wrong=wrong, key=secrets.token_hex(16),
        may_withdraw=allowed, may_open=bool(case and person().viewer.scopes - LISTS_ONLY),
        withdrawn_by=name_of(session, shown.card.withdrawn_by),
    )  # fmt: skip
