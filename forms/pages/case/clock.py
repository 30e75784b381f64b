"""中止计时、恢复计时: a page of its own for one period, with the effect said before it is done."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.actor import Actor
from engine.deadline.shanghai import day_in_words
from engine.errors import Conflict, InvalidData, NotAllowed, NotFound
from engine.instance.course import told_of
from engine.store.tables import Deadline, Instance
from forms.database import acting, request_session
from forms.pages.blueprints import staff
from forms.pages.case.access import open_case
from forms.services import now, services, today
from forms.signed_in import person
from supervision.deadlines.pausing import (
    GROUNDS,
    Asked,
    refusal,
    resume_clock,
    resumed_today,
    suspend_clock,
)
from supervision.notice.naming import called
from supervision.once import outcome_of, remember


def clock_command(session: Session, row: Deadline, actor: Actor) -> str:
    """中止计时 or 恢复计时 where the actor may do it now, else ''."""
    runs = row.status == "running" and now() < row.due_at
    if not (runs or row.status == "suspended") or refusal(session, row, actor):
        return ""
    return "中止计时" if runs else "恢复计时"


@staff.get("/deadline/<deadline_id>/clock")
def deadline_clock(deadline_id: str) -> Any:
    return _show(_row(deadline_id))


@staff.post("/deadline/<deadline_id>/suspend")
def deadline_suspend(deadline_id: str) -> Any:
    return _do(deadline_id, "suspend")


@staff.post("/deadline/<deadline_id>/resume")
def deadline_resume(deadline_id: str) -> Any:
    return _do(deadline_id, "resume")


def _do(deadline_id: str, act: str) -> Any:
    """Once, however often the form is sent. A refusal shows the page again with what was typed."""
    row, typed, session = _row(deadline_id), request.form, request_session()
    once = typed.get("_key", "")[:64]
    back = redirect(url_for("staff.case", instance_id=row.instance_id) + "#deadlines", 303)
    if outcome_of(session, once):
        return back
    context, keys, who, at = services().context, services().keys, person().actor, now()
    remark = typed.get("remark", "")[:2000]
    try:
        on = _day(typed.get("on", ""))
        with acting(session):
            if act == "suspend":
                asked = Asked(typed.get("ground", ""), remark, typed.get("clause", ""), on)
                moved = suspend_clock(session, context, keys, row.id, asked, actor=who, now=at)
                said = f"“{moved.name}”已中止计时：恢复以前不再计算，也不再提醒。"
            else:
                moved = resume_clock(session, context, keys, row.id, remark, on, actor=who, now=at)
                said = f"“{moved.name}”已恢复计时，改于 {day_in_words(moved.due_on)}届满。"
            remember(session, once, act, at)
    except (InvalidData, Conflict) as refused:
        session.rollback()
        wrong = _wrong(refused)
        return _show(_row(deadline_id), typed, wrong), 422 if isinstance(refused, InvalidData) else 409
    session.commit()
    flash(said, "success")
    return back


def _show(
    row: Deadline, typed: Mapping[str, str] | None = None, wrong: Mapping[str, str] | None = None
) -> str:
    session = request_session()
    suspended = row.status == "suspended"
    return render_template(
        "deadline_clock.html",
        row=row,
        number=called(session.get_one(Instance, row.instance_id)),
        grounds=GROUNDS,
        lasts=told_of(session, row.id).course.suspended,
        would_end=resumed_today(session, services().context, row, now()) if suspended else None,
        typed=typed or {},
        wrong=wrong or {},
        today=today(),
        key=secrets.token_hex(16),
    )


def _row(deadline_id: str) -> Deadline:
    """Raises NotFound when it is not there or not visible, NotAllowed when another decides."""
    session = request_session()
    row = session.scalars(select(Deadline).where(Deadline.id == deadline_id)).first()
    if row is None:
        raise NotFound(f"Expected a deadline {deadline_id}, but there is none")
    open_case(session, row.instance_id, person())
    if why := refusal(session, row, person().actor):
        raise NotAllowed(why)
    return row


def _day(text: str) -> date | None:
    """Raises InvalidData."""
    try:
        return date.fromisoformat(text.strip()) if text.strip() else None
    except ValueError as error:
        raise InvalidData({"on": ["日期应写成 2026-03-04 这样的格式。"]}) from error


def _wrong(refused: InvalidData | Conflict) -> dict[str, str]:
    """Field → sentence; what belongs to no field stands under ''."""
    if isinstance(refused, InvalidData):
        fields = {"reason": "ground"}
        return {fields.get(name, name): "；".join(texts) for name, texts in refused.errors.items()}
    return {"": str(refused)}
