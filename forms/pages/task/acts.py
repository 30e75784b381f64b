"""签收、退签、暂存、申请延期: what can be done with a task besides doing it."""

from __future__ import annotations

from typing import Any

from flask import flash, jsonify, redirect, request, url_for
from flask_login import current_user

import engine.task
from engine.store.visibility import see_as
from forms.answers import typed
from forms.database import acting, request_session
from forms.pages.blueprints import staff
from forms.pages.task.drafts import keep
from forms.pages.task.load import load_work, task_row
from forms.services import now, services
from forms.signed_in import lapsed_account, person
from forms.words import moment
from supervision.account.viewer import actor_of, viewer_of_actor


@staff.post("/task/<task_id>/claim")
def task_claim(task_id: str) -> Any:
    session = request_session()
    task = engine.task.claim(session, services().context, task_id, actor=person().actor, now=now())
    session.commit()
    flash(f"“{task.name}”已签收，由您办理。")
    return redirect(url_for("staff.task", task_id=task_id), 303)


@staff.post("/task/<task_id>/unclaim")
def task_unclaim(task_id: str) -> Any:
    session = request_session()
    task = engine.task.unclaim(session, task_id, actor=person().actor, now=now())
    session.commit()
    flash(f"“{task.name}”已退签，其他人可以签收。")
    return redirect(url_for("staff.inbox"), 303)


@staff.post("/task/<task_id>/draft")
def task_draft(task_id: str) -> Any:
    """Saves while typing; answers in JSON. Works for a log-in that has just ended by itself, too."""
    session = request_session()
    lapsed = None if current_user.is_authenticated else lapsed_account()
    if lapsed is not None:
        actor = actor_of(session, lapsed, now())
        see_as(session, viewer_of_actor(actor))
    elif current_user.is_authenticated:
        actor = person().actor
    else:
        return jsonify(error="登录已失效，请重新登录。"), 401
    task = engine.task.open_task(session, task_id, actor)
    work = load_work(session, task)
    draft = keep(session, task, work.form, typed(work.form), actor)
    session.commit()
    return jsonify(saved_at=moment(draft.saved_at)[-5:], expired=lapsed is not None)


@staff.post("/task/<task_id>/extend")
def task_extend(task_id: str) -> Any:
    """Asks for more time; somebody else decides (C5)."""
    session, actor = request_session(), person().actor
    task = task_row(session, task_id)
    engine.task.open_task(session, task_id, actor)
    with acting(session):
        ask_extension(
            session, services().context, task, days=request.form.get("days", ""),
            reason=request.form.get("reason", ""), actor=actor, now=now(),
        )  # fmt: skip
    session.commit()
    flash("延期申请已提交，批准前仍按原期限办理。")
    return redirect(url_for("staff.task", task_id=task_id), 303)
