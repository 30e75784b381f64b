"""The page of a proposal: 约谈 is accepted or declined, a clue confirmed or discarded, each with a reason."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy import select

from engine.errors import Conflict, InvalidData, NotFound
from engine.store.tables import Deadline
from forms.chinese import name_of
from forms.database import acting, request_session
from forms.due import due_view
from forms.pages.blueprints import staff
from forms.pages.case.access import open_case
from forms.pages.escalation.trail import trail_of
from forms.services import now, services, today
from forms.signed_in import person
from supervision.escalation import decide
from supervision.escalation.follow_ups import CLUE, TALK, letter_of, may_decide
from supervision.escalation.grounds import GROUNDS
from supervision.escalation.naming import called
from supervision.escalation.table import FollowUp
from supervision.guards import demand_unnamed
from supervision.once import outcome_of, remember
from supervision.organisation.units import unit_name

LONGEST = 500


@staff.get("/follow-up/<follow_id>")
def follow_up(follow_id: str) -> Any:
    return _page(_found(follow_id))


@staff.post("/follow-up/<follow_id>/accept")
def follow_up_accept(follow_id: str) -> Any:
    def act(follow: FollowUp, reason: str) -> str:
        session, context = request_session(), services().context
        if follow.kind == TALK:
            decide.accept_talk(session, context, follow.id, reason=reason, actor=person().actor, now=now())
            return "已决定约谈，约谈通知书的草稿已经生成，请经办人核对后制发。"
        done = decide.confirm_clue(
            session, context, follow.id, request.form.get("grounds", ""), reason,
            actor=person().actor, now=now(),
        )  # fmt: skip
        return f"线索已确认，编号 {done.number}，已移交问责程序研判。是否立案由该程序决定。"

    return _do(follow_id, act)


@staff.post("/follow-up/<follow_id>/decline")
def follow_up_decline(follow_id: str) -> Any:
    def act(follow: FollowUp, reason: str) -> str:
        decide.decline(request_session(), follow.id, follow.kind, reason, actor=person().actor, now=now())
        return "已决定不约谈，理由已记录。" if follow.kind == TALK else "线索草稿已作废，理由已记录。"

    return _do(follow_id, act)


def _do(follow_id: str, act: Callable[[FollowUp, str], str]) -> Any:
    """A second click finds the decision made and shows it."""
    session, follow = request_session(), _found(follow_id)
    back = redirect(url_for("staff.follow_up", follow_id=follow_id), 303)
    key = request.form.get("_key", "")[:64]
    if outcome_of(session, key):
        return back
    if follow.kind not in (TALK, CLUE):
        raise Conflict(f"{follow.kind}没有需要决定的事项")
    savepoint = session.begin_nested()
    try:
        reason = request.form.get("reason", "")[:LONGEST]
        with acting(session):
            demand_unnamed(session, services().keys, follow.instance_id, person().actor, {"reason": reason})
            sentence = act(follow, reason)
            remember(session, key, follow_id, now())
    except InvalidData as wrong:
        savepoint.rollback()
        return _page(_found(follow_id), {name: "；".join(said) for name, said in wrong.errors.items()}), 422
    except Conflict as refused:
        savepoint.rollback()
        return _page(_found(follow_id), {"": str(refused)}), 409
    savepoint.commit()
    session.commit()
    flash(sentence, "success")
    return back


def _found(follow_id: str) -> FollowUp:
    """Units and lists do not see proposals. Raises NotFound, NotAllowed."""
    session = request_session()
    follow = session.scalars(select(FollowUp).where(FollowUp.id == follow_id)).first()
    if follow is not None:
        session.refresh(follow)
        _, sight = open_case(session, follow.instance_id, person())
        if not sight.as_unit:
            return follow
    raise NotFound(f"Expected a proposal {follow_id}, but there is none")


def _page(follow: FollowUp, wrong: dict[str, str] | None = None) -> str:
    session, context = request_session(), services().context
    row = session.get_one(Deadline, follow.deadline_id)
    with acting(session):
        allowed = follow.status == "open" and may_decide(
            session, follow.instance_id, follow.kind, person().actor
        )
        letter, suggested = letter_of(session, follow), decide.suggested_grounds(session, follow)
        summary = decide.summary_of(session, follow)
    due = due_view(
        row, context.calendar(session), now(),
        start_on=row.start_on, finished_at=row.finished_at, suspended=row.status == "suspended",
    )  # fmt: skip
    return render_template(
        "follow_up.html", follow=follow, number=called(session, follow.instance_id),
        unit=unit_name(session, follow.unit_code), row=row, due=due, may_decide=allowed, letter=letter,
        grounds=GROUNDS, suggested=suggested,
        summary=summary, typed=request.form, wrong=wrong or {}, key=secrets.token_hex(16),
        decided_by=name_of(session, follow.decided_by), raised_by=name_of(session, follow.raised_by),
        trail=trail_of(session, row, now()), today=today(),
    )  # fmt: skip
