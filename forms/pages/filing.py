"""What filing a complaint by the public and by a clerk have in common: the form, the post, the receipt."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from flask import render_template, request
from sqlalchemy.orm import Session

from engine.actor import Actor
from engine.definition import current
from engine.errors import InvalidData, StepFailed
from forms.answers import Answers, answers_to
from forms.form_files import form_of
from forms.pages.brought import Brought
from forms.schema import FormFile, render_form
from forms.services import now, services, today
from forms.sources import PageSources
from supervision.complaint.intake import PROCESS, register
from supervision.once import outcome_of, remember

AGAIN = "这份投诉刚才已经登记，编号 {number}。查询码只在第一次显示；没有记下的，请重新投诉或联系督查室。"


def complaint_form(session: Session, key: str) -> FormFile:
    """A form of the complaint process as it is in effect now."""
    definition, _ = current(session, PROCESS, now())
    return form_of(session, definition.id, key)


def blank_page(
    template: str, form: FormFile, session: Session, values: Mapping[str, Any], **more: Any
) -> str:
    """The form as it is opened, or opened again after a row was added."""
    fields = render_form(form, values, {}, PageSources(session), today())
    return render_template(template, fields=fields, summary_lines=[], key=secrets.token_hex(16), **more)


def file_complaint(
    session: Session, form: FormFile, template: str, actor: Actor, start_event: str, **more: Any
) -> Any:
    """Takes in a post: a receipt, or the form again with what is wrong.

    A post that comes twice is answered with the number of the first.
    """
    key = request.form.get("_key", "")[:64]
    if number := outcome_of(session, key):
        return render_template(
            "receipt.html", receipt=None, number=number, again=AGAIN.format(number=number), **more
        )
    brought = Brought(session, form)
    answers = answers_to(form, lambda: PageSources(session, held=brought.refs()), brought.take)
    if not answers.right:
        return _again(template, form, session, answers, brought, **more), 422
    files = brought.hand_over(answers.clean)
    data, sealed = form.split(answers.clean)
    savepoint = session.begin_nested()
    try:
        receipt = register(
            session, services().context, services().keys, data, sealed, files,
            actor=actor, now=now(), start_event=start_event,
        )  # fmt: skip
    except StepFailed:
        session.rollback()  # a case that failed before its first wait has no receipt: better none at all
        raise
    except InvalidData as refused:
        savepoint.rollback()
        wrong = Answers(answers.raw, {}, {name: "".join(texts) for name, texts in refused.errors.items()})
        return _again(template, form, session, wrong, brought, **more), 422
    brought.done()
    remember(session, key, receipt.number, now())
    session.commit()
    return render_template("receipt.html", receipt=receipt, number=receipt.number, again="", **more)


def _again(
    template: str, form: FormFile, session: Session, answers: Answers, brought: Brought, **more: Any
) -> str:
    brought.keep(answers.raw)
    session.commit()
    sources = PageSources(session, held=brought.refs())
    return render_template(
        template,
        fields=render_form(form, answers.raw, answers.errors, sources, today()),
        summary_lines=form.summary(answers.errors),
        key=request.form.get("_key", "")[:64] or secrets.token_hex(16),
        **more,
    )
