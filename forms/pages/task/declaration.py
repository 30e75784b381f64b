"""回避声明: the form F-AV-1, asked for before the first task of a case whose diagram says guard=declared."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, render_template, url_for
from sqlalchemy.orm import Session

import engine.task
from engine.definition import current
from engine.errors import Conflict, InvalidData
from forms.answers import answers_to
from forms.database import acting, request_session
from forms.form_files import form_of
from forms.pages.blueprints import staff
from forms.pages.task.load import Work, load_work
from forms.schema import FormFile, render_form
from forms.security import island_page
from forms.services import now, services, today
from forms.signed_in import person
from forms.sources import PageSources
from supervision.guards import demand_unnamed, must_declare
from supervision.recusal.declare import declare

PROCESS, FORM = "recusal", "F-AV-1"


def awaits_declaration(session: Session, work: Work) -> bool:
    """Whether the person has to declare before this task."""
    with acting(session):
        return must_declare(session, work.node, work.instance, person().actor)


@staff.get("/task/<task_id>/declaration")
def declaration(task_id: str) -> Any:
    session, work = _work(task_id)
    if not awaits_declaration(session, work):
        return redirect(url_for("staff.task", task_id=task_id))
    form = _form(session)
    return _page(session, work, form, form.initial({}), {})


@staff.post("/task/<task_id>/declaration")
def declaration_post(task_id: str) -> Any:
    """A second click finds the declaration made, and goes on to the task."""
    session, work = _work(task_id)
    if not awaits_declaration(session, work):
        return redirect(url_for("staff.task", task_id=task_id), 303)
    form, actor = _form(session), person().actor
    answers = answers_to(form, lambda: PageSources(session, work.instance.id), lambda upload, field: "")
    if not answers.right:
        return _page(session, work, form, answers.raw, answers.errors), 422
    savepoint = session.begin_nested()
    try:
        with acting(session):
            texts = {"detail": str(answers.clean.get("detail") or "")}
            demand_unnamed(session, services().keys, work.instance.id, actor, texts)
            made = declare(session, services().context, work.instance, answers.clean, actor=actor, now=now())
    except InvalidData as wrong:
        savepoint.rollback()
        errors = {name: "；".join(said) for name, said in wrong.errors.items()}
        return _page(session, work, form, answers.raw, errors), 422
    except Conflict:
        savepoint.rollback()
        return redirect(url_for("staff.task", task_id=task_id), 303)
    conflict = made.has_conflict
    savepoint.commit()
    session.commit()
    if conflict:
        flash("已声明存在应当回避的情形，等待回避决定；决定以前请由其他人员办理。")
        return redirect(url_for("staff.inbox"), 303)
    flash("回避声明已记录，可以办理本案。", "success")
    return redirect(url_for("staff.task", task_id=task_id), 303)


def _work(task_id: str) -> tuple[Session, Work]:
    session = request_session()
    return session, load_work(session, engine.task.open_task(session, task_id, person().actor))


def _form(session: Session) -> FormFile:
    definition, _ = current(session, PROCESS, now())
    return form_of(session, definition.id, FORM)


def _page(
    session: Session, work: Work, form: FormFile, values: dict[str, Any], errors: Mapping[str, str]
) -> str:
    island_page()
    fields = render_form(form, values, errors, PageSources(session, work.instance.id), today())
    return render_template("declaration.html", work=work, fields=fields, summary_lines=form.summary(errors))
