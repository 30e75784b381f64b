"""办理: taking in a task's form. Whatever goes wrong, what was typed is kept."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request, url_for
from flask_login import current_user
from markupsafe import Markup
from sqlalchemy.orm import Session

import engine.task
from engine.actor import Actor
from engine.attachment import attach
from engine.errors import AlreadyCompleted, Conflict, InvalidData, NotAllowed, StaleRevision, StepFailed
from engine.store.tables import Task
from engine.store.visibility import see_as
from forms.answers import Answers, answers_to, typed
from forms.chinese import say
from forms.database import request_session
from forms.finish import finish
from forms.pages.blueprints import staff
from forms.pages.task.drafts import keep
from forms.pages.task.load import Work, is_mine, load_work, task_row
from forms.pages.task.show import show
from forms.services import now
from forms.signed_in import lapsed_account, person
from forms.sources import PageSources
from forms.uploads import Upload
from supervision.account.viewer import actor_of, viewer_of_actor

LAPSED = "登录已过期。您刚才填写的内容已经暂存，重新登录后会自动恢复；其中的附件需要重新选择。"
GONE = "登录已失效，请重新登录后再办理。"


@staff.post("/task/<task_id>")
def task_post(task_id: str) -> Any:
    if not current_user.is_authenticated:
        return _stash(task_id)
    session, actor = request_session(), person().actor
    task = task_row(session, task_id)
    if task.status != "open":
        return _finish(session, task, {}, {}, actor)
    engine.task.open_task(session, task_id, actor)
    work = load_work(session, task)
    changed = work.form.rows_changed(request.form)
    if changed is not None:
        return show(work, values=changed)
    if "_draft" in request.form:
        keep(session, task, typed(work.form), actor)
        session.commit()
        flash("已暂存，下次打开会接着填。")
        return redirect(url_for("staff.task", task_id=task_id), 303)
    answers = _answers(session, work, actor)
    keep(session, task, answers.raw, actor)
    if not answers.right:
        session.commit()
        return show(work, values=answers.raw, errors=answers.errors), 422
    return _submit(session, work, answers, actor)


def _answers(session: Session, work: Work, actor: Actor) -> Answers:
    def store(upload: Upload, field: str) -> str:
        row = attach(
            session, upload.content, filename=upload.filename, media_type=upload.media_type, field=field,
            actor=actor, now=now(), instance_id=work.instance.id, task_id=work.task.id,
        )  # fmt: skip
        return row.id

    return answers_to(
        work.form, lambda: PageSources(session, work.instance.id, data=lambda: work.data), store, work.data
    )


def _submit(session: Session, work: Work, answers: Answers, actor: Actor) -> Any:
    """A refusal of the step leaves the draft and the files; the person sees the reason above the form."""
    process_data, sealed = work.form.split(answers.clean)
    savepoint = session.begin_nested()
    try:
        return _finish(session, work.task, process_data, sealed, actor)
    except AlreadyCompleted:
        raise
    except StaleRevision:
        raise
    except StepFailed:
        session.commit()  # the engine undid the step itself; the incident and the draft are to stay
        raise
    except (NotAllowed, Conflict, InvalidData) as refused:
        savepoint.rollback()
        session.commit()
        said = say(session, refused)
        reasons = said.details or [said.sentence]
        return show(load_work(session, work.task), values=answers.raw, refused=reasons), said.code


def _finish(
    session: Session, task: Task, process_data: dict[str, Any], sealed: dict[str, Any], actor: Actor
) -> Any:
    key = request.form.get("_key", "")[:64] or None
    done = finish(
        session, task.id, task.instance_id, process_data, sealed if task.status == "open" else {},
        actor=actor, key=key,
    )  # fmt: skip
    session.commit()
    flash(_thanks(session, task, done.moved.opened, actor), "success")
    return redirect(url_for("staff.inbox"), 303)


def _thanks(session: Session, task: Task, opened: list[str], actor: Actor) -> Markup:
    text = Markup("“{}”已办理。").format(task.name)
    for task_id in opened:
        following = session.get(Task, task_id)
        if following and is_mine(session, following, actor):
            url = url_for("staff.task", task_id=task_id)
            return text + Markup('下一步“{}”也由您办理：<a href="{}">继续</a>').format(following.name, url)
    return text


def _stash(task_id: str) -> Any:
    """The log-in ended while the form was open: what was typed goes into that person's draft."""
    account = lapsed_account()
    if account is None:
        flash(GONE, "warning")
        return redirect(url_for("public.login", next=url_for("staff.task", task_id=task_id)), 303)
    session = request_session()
    actor = actor_of(session, account, now())
    see_as(session, viewer_of_actor(actor))
    task = engine.task.open_task(session, task_id, actor)
    work = load_work(session, task)
    keep(session, task, typed(work.form), actor)
    session.commit()
    flash(LAPSED, "warning")
    return redirect(url_for("public.login", next=url_for("staff.task", task_id=task_id)), 303)
