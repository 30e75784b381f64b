"""签收、退签、暂存、申请延期: what can be done with a task besides doing it."""

from __future__ import annotations

import re
from typing import Any

from flask import flash, jsonify, redirect, request, url_for
from flask_login import current_user

import engine.task
from engine.errors import Conflict, InvalidData, NotFound
from engine.store.visibility import see_as
from forms.answers import typed
from forms.chinese import say
from forms.database import acting, request_session
from forms.pages.blueprints import staff
from forms.pages.task.drafts import keep, recall
from forms.pages.task.load import load_work, task_row
from forms.pages.task.show import show
from forms.services import now, services
from forms.signed_in import lapsed_account, person
from forms.words import moment
from supervision.account.viewer import actor_of, viewer_of_actor
from supervision.deadlines.request import request_extension
from supervision.guards import demand_unnamed


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
    draft = keep(session, task, typed(work.form), actor)
    session.commit()
    return jsonify(saved_at=moment(draft.saved_at)[-5:], expired=lapsed is not None)


@staff.post("/task/<task_id>/extend")
def task_extend(task_id: str) -> Any:
    """Asks for more time; somebody else decides (C5)."""
    session, actor, asked = request_session(), person().actor, request.form
    task = engine.task.open_task(session, task_id, actor)
    if not task.deadline_id:
        raise NotFound(f"Expected task {task_id} to have a deadline, but it has none")
    reason = asked.get("reason", "")[:2000]
    try:
        with acting(session):
            demand_unnamed(session, services().keys, task.instance_id, actor, {"reason": reason})
            request_extension(
                session, services().context, task.deadline_id, _days(asked.get("days", "")), reason,
                actor=actor, now=now(),
            )  # fmt: skip
    except (InvalidData, Conflict) as refused:
        session.rollback()
        said = say(session, refused)
        work = load_work(session, task_row(session, task_id))
        values, _ = recall(session, work.task, actor)
        return show(
            work, values={**work.form.initial(work.data), **values},
            refused=said.details or [said.sentence], asked=asked,
        ), said.code  # fmt: skip
    session.commit()
    flash("延期申请已提交，批准前仍按原期限办理。")
    return redirect(url_for("staff.task", task_id=task_id), 303)


def _days(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,3}", text.strip()) or not int(text):  # isdigit() would let ² through
        raise InvalidData({"days": ["延长天数应为正整数，例如 10。"]})
    return int(text)
