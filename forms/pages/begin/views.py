"""立项和申请: the list of what a person may begin, its form, and the receipt."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from flask import render_template, request
from sqlalchemy.orm import Session

from engine.attachment import attach
from engine.errors import InvalidData, NotAllowed, StepFailed
from engine.instance import start
from engine.store.tables import Attachment
from forms.answers import Answers, answers_to
from forms.database import acting, request_session
from forms.form_files import form_of
from forms.pages.begin.applicant import Application, application
from forms.pages.begin.find import Entry, entries, entry_of
from forms.pages.blueprints import staff
from forms.pages.brought import Brought
from forms.schema import FormFile, render_form
from forms.security import island_page
from forms.services import now, services, today
from forms.signed_in import person
from forms.sources import PageSources
from supervision.case.find import find_case
from supervision.once import outcome_of, remember


@staff.get("/begin")
def begin() -> Any:
    """立项和申请：R7¶1、R13¶2."""
    return render_template("begin.html", entries=entries(request_session(), person()))


@staff.get("/begin/<key>")
def begin_form(key: str) -> Any:
    session, entry, asked = _asked(key)
    form = form_of(session, entry.definition_id, entry.form)
    if asked is not None and asked.window is None:
        return render_template("begin_decision.html", entry=entry, asked=asked)
    values = form.initial({}, asked.values if asked else None)
    return _page(session, entry, asked, form, values, {})


@staff.post("/begin/<key>")
def begin_post(key: str) -> Any:
    """Begins the process once, however often the button is pressed."""
    session, entry, asked = _asked(key)
    once = request.form.get("_key", "")[:64]
    if number := outcome_of(session, once):
        return render_template("begin_done.html", entry=entry, asked=asked, number=number)
    if asked is not None and asked.window is None:
        return render_template("begin_decision.html", entry=entry, asked=asked), 422
    form = form_of(session, entry.definition_id, entry.form)
    changed = form.rows_changed(request.form)
    if changed is not None:
        return _page(session, entry, asked, form, changed, {})
    brought = Brought(session, form)
    answers = answers_to(form, lambda: PageSources(session, held=brought.refs()), brought.take)
    if answers.right and asked is not None:
        answers = asked.judged(answers)
    if not answers.right:
        return _again(session, entry, asked, form, answers, brought)
    try:
        number = _begin(session, entry, form, answers.clean, brought)
    except StepFailed:
        session.rollback()  # what failed before its first wait has no receipt: better none at all
        raise
    except (InvalidData, NotAllowed) as refused:
        session.rollback()
        errors = refused.errors if isinstance(refused, InvalidData) else {"": [str(refused)]}
        wrong = Answers(answers.raw, {}, {name: "".join(texts) for name, texts in errors.items()})
        return _again(session, entry, asked, form, wrong, brought)
    brought.done()
    remember(session, once, number, now())
    session.commit()
    return render_template("begin_done.html", entry=entry, asked=asked, number=number)


def _asked(key: str) -> tuple[Session, Entry, Application | None]:
    session = request_session()
    entry = entry_of(session, key, person())
    decision = request.form.get("_decision", "") or request.args.get("decision", "")
    return session, entry, application(session, entry, decision[:60], person())


def _begin(session: Session, entry: Entry, form: FormFile, clean: Mapping[str, Any], brought: Brought) -> str:
    """Returns the number of the case."""
    actor, data, ids = person().actor, dict(clean), []
    files = brought.kept | brought.fresh
    for name in form.file_fields():
        rows = [_stored(session, files[held].upload, name) for held in clean.get(name) or () if held in files]
        data[name] = [row.id for row in rows]
        ids += data[name]
    with acting(session):
        context = services().context
        begun = start(session, context, entry.key, data, actor=actor, now=now(), start_event=entry.event)
        for held in ids:
            session.get_one(Attachment, held).instance_id = begun
        case = find_case(session, begun)
    return case.number if case else entry.name


def _stored(session: Session, upload: Any, name: str) -> Attachment:
    return attach(
        session, upload.content, filename=upload.filename, media_type=upload.media_type, field=name,
        actor=person().actor, now=now(),
    )  # fmt: skip


def _again(
    session: Session,
    entry: Entry,
    asked: Application | None,
    form: FormFile,
    answers: Answers,
    brought: Brought,
) -> Any:
    brought.keep(answers.raw)
    session.commit()
    page = _page(session, entry, asked, form, answers.raw, answers.errors, held=brought.refs())
    return page, 422


def _page(
    session: Session,
    entry: Entry,
    asked: Application | None,
    form: FormFile,
    values: Mapping[str, Any],
    errors: Mapping[str, str],
    held: Mapping[str, Any] | None = None,
) -> str:
    island_page()
    return render_template(
        "begin_form.html",
        entry=entry, asked=asked, summary_lines=form.summary(errors),
        fields=render_form(form, values, errors, PageSources(session, held=held or {}), today()),
        key=request.form.get("_key", "")[:64] or secrets.token_hex(16),
    )  # fmt: skip
