"""What filing a complaint by the public and by a clerk have in common: the form, the post, the receipt."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Mapping
from typing import Any

from flask import render_template, request
from sqlalchemy.orm import Session

from engine.actor import Actor
from engine.definition import current
from engine.errors import InvalidData, StepFailed
from forms.answers import Answers, answers_to
from forms.fields import FileRef
from forms.form_files import form_of
from forms.schema import FormFile, render_form
from forms.services import now, services, today
from forms.sources import PageSources
from forms.uploads import Upload
from supervision.complaint import evidence
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
    held: list[tuple[str, Upload]] = []
    answers = _answers(session, form, held)
    if not answers.right:
        return _again(template, form, session, answers, bool(held), **more), 422
    data, sealed = form.split(answers.clean)
    for name in form.file_fields():
        data.pop(name, None)
        sealed.pop(name, None)
    try:
        receipt = register(
            session, services().context, services().keys, data, sealed, _uploads(held),
            actor=actor, now=now(), start_event=start_event,
        )  # fmt: skip
    except StepFailed:
        session.rollback()  # a case that failed before its first wait has no receipt: better none at all
        raise
    except InvalidData as refused:
        session.rollback()
        wrong = Answers(answers.raw, {}, {name: "".join(texts) for name, texts in refused.errors.items()})
        return _again(template, form, session, wrong, bool(held), **more), 422
    remember(session, key, receipt.number, now())
    session.commit()
    return render_template("receipt.html", receipt=receipt, number=receipt.number, again="", **more)


def _answers(session: Session, form: FormFile, held: list[tuple[str, Upload]]) -> Answers:
    """Files stay in memory: they are sealed with the case's own key, which is made with the case."""
    refs: dict[str, FileRef] = {}

    def hold(upload: Upload, field: str) -> str:
        file_id = uuid.uuid4().hex
        held.append((field, upload))
        refs[file_id] = FileRef(file_id, upload.filename, upload.size_bytes)
        return file_id

    return answers_to(form, lambda: PageSources(session, held=refs), hold)


def _again(
    template: str, form: FormFile, session: Session, answers: Answers, files: bool, **more: Any
) -> str:
    values = {**answers.raw, **{name: [] for name in form.file_fields()}}
    return render_template(
        template,
        fields=render_form(form, values, answers.errors, PageSources(session), today()),
        summary_lines=form.summary(answers.errors),
        files_lost=files,
        key=request.form.get("_key", "")[:64] or secrets.token_hex(16),
        **more,
    )


def _uploads(held: list[tuple[str, Upload]]) -> list[evidence.Upload]:
    return [evidence.Upload(field, file.filename, file.media_type, file.content) for field, file in held]
