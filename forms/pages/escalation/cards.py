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
from forms.pages.escalation.find import PAGE, STATES, CardLine, CardsSeen, waiting
from forms.pages.overdue.watchers import WATCHERS
from forms.services import now, services, today
from forms.signed_in import demand, person
from supervision.escalation.cards import may_withdraw, withdraw
from supervision.guards import demand_unnamed
from supervision.once import outcome_of, remember
from supervision.organisation.units import unit_name

READERS = (*WATCHERS, "U_CONTACT")
WHY = "预警与亮牌供督查室、领导小组和有关单位查看"
LONGEST = 300
FURTHEST = 1_000_000
"""Nobody leafs further, and a database counts no further than it can."""


@staff.get("/cards")
def cards() -> Any:
    demand(WHY, *READERS)
    session, seen = request_session(), CardsSeen(request_session(), person(), today())
    state, unit = request.args.get("state", "有效"), request.args.get("unit", "")
    before = min(max(0, request.args.get("before", 0, type=int)), FURTHEST)
    lines, counts = seen.page(state, unit, before), seen.counts()
    deciding = any(not scope.startswith("unit:") for scope in person().viewer.scopes - LISTS_ONLY)
    return render_template(
        "cards.html", lines=lines[:PAGE], before=before, after=before + PAGE if len(lines) > PAGE else None,
        waiting=waiting(session) if deciding else [], sums=seen.sums(), states=(*STATES, "全部"), state=state,
        unit=unit, unit_label=unit_name(session, unit), counts=counts | {"全部": sum(counts.values())},
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
    found = CardsSeen(request_session(), person(), today()).one(card_id)
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
