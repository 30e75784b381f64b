"""查询进度: in with number and code, then what the complainant may see and do."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session

from engine.errors import EngineError, InvalidData, NotAllowed, NotFound
from forms.complainant import case_followed, leave, let_in
from forms.database import acting, request_session
from forms.fields.file_picker import FilePicker
from forms.pages.blueprints import public
from forms.services import now, services
from forms.uploads import check_uploads
from supervision.complaint import acts
from supervision.complaint.appeal import request_review
from supervision.complaint.evidence import Upload
from supervision.complaint.follow import public_status
from supervision.complaint.period import public_period
from supervision.document.table import Document
from supervision.identity.receipt import check_code
from supervision.once import outcome_of, remember

FILES = FilePicker(
    {
        "type": "filepicker", "key": "files", "label": "附件", "multiple": True,
        "accept": ".jpg,.jpeg,.png,.webp,.pdf,.docx,.xlsx,.txt",
        "properties": {"maxFiles": "5", "maxMB": "10"},
    }
)  # fmt: skip
GONE = "查询已超时，请重新输入编号和查询码。"


@public.get("/query")
def query() -> Any:
    return render_template("query.html", message="", number="")


@public.post("/query")
def query_post() -> Any:
    session, form = request_session(), request.form
    with acting(session):
        found = check_code(session, form.get("number", ""), form.get("code", ""), form.get("tail", ""), now())
        session.commit()
    if found.instance_id is None:
        return render_template("query.html", message=found.message, number=form.get("number", "")[:40]), 422
    let_in(found.instance_id)
    return redirect(url_for("public.followed"), 303)


@public.post("/query/leave")
def query_leave() -> Any:
    leave()
    flash("已退出查询。")
    return redirect(url_for("public.query"), 303)


@public.get("/query/case")
def followed() -> Any:
    return _page()


@public.get("/query/letter/<document_id>")
def letter(document_id: str) -> Any:
    instance_id = case_followed()
    if instance_id is None:
        return _out()
    letters: list[Document] = [
        row for row in public_status(request_session(), instance_id).letters if row.id == document_id
    ]
    if not letters:
        raise NotFound(f"Expected a letter {document_id} of the case, but there is none")
    return render_template("letter.html", document=letters[0])


@public.post("/query/<act>")
def followed_post(act: str) -> Any:
    instance_id = case_followed()
    if instance_id is None:
        return _out()
    if act not in ACTS:
        raise NotFound(f"Expected an act of the query page, but {act!r} is none")
    session, key = request_session(), request.form.get("_key", "")[:64]
    if said := outcome_of(session, key):
        flash(said)
        return redirect(url_for("public.followed"), 303)
    try:
        said = ACTS[act](session, instance_id)
    except (NotAllowed, InvalidData) as refused:
        session.rollback()
        return _page(act, _reason(refused)), 422
    remember(session, key, said[:200], now())
    session.commit()
    flash(said)
    return redirect(url_for("public.followed"), 303)


def _page(act: str = "", refused: str = "") -> Any:
    """`act` is the one that was refused: its part of the page is open and holds what was typed."""
    instance_id = case_followed()
    if instance_id is None:
        return _out()
    status = public_status(request_session(), instance_id)
    period = public_period(request_session(), services().context, instance_id)
    return render_template(
        "followed.html", status=status, period=period, act=act, refused=refused,
        typed=request.form if act else {},
        key=secrets.token_hex(16), limits=FILES.limits_zh, accept=FILES.context([], None)["accept"],  # type: ignore[arg-type]
    )  # fmt: skip


def _out() -> Any:
    flash(GONE, "warn")
    return redirect(url_for("public.query"), 303)


def _reason(refused: EngineError) -> str:
    if isinstance(refused, InvalidData):
        return "".join(text for texts in refused.errors.values() for text in texts)
    return f"{refused}。"


def _files() -> list[Upload]:
    accepted, faults = check_uploads(request.files.getlist("files"), FILES)
    if faults:
        raise InvalidData({"files": faults})
    return [Upload("files", file.filename, file.media_type, file.content) for file in accepted]


def _add(session: Session, instance_id: str) -> str:
    text = request.form.get("text", "")[:4000]
    return acts.add_material(session, services().context, services().keys, instance_id, text, _files(), now())


def _withdraw(session: Session, instance_id: str) -> str:
    if "sure" not in request.form:
        raise NotAllowed("请勾选“我确认撤回”后再提交")
    reason = request.form.get("reason", "")[:1000]
    return acts.withdraw(session, services().context, services().keys, instance_id, reason, now())


def _rate(session: Session, instance_id: str) -> str:
    rating, opinion = request.form.get("rating", ""), request.form.get("opinion", "")[:1000]
    return acts.rate(session, services().keys, instance_id, rating, opinion, now())


def _review(session: Session, instance_id: str) -> str:
    grounds = request.form.get("grounds", "")[:4000]
    return request_review(
        session, services().context, services().keys, instance_id, grounds, _files(), now(),
        late_reason=request.form.get("late_reason", "")[:1000],
    )  # fmt: skip


def _recuse(session: Session, instance_id: str) -> str:
    who, grounds = request.form.get("who", "")[:100], request.form.get("why", "")[:1000]
    return acts.request_recusal(
        session, services().context, services().keys, instance_id, who, grounds, now()
    )


ACTS: dict[str, Callable[[Session, str], str]] = {
    "add": _add, "withdraw": _withdraw, "rate": _rate, "review": _review, "recuse": _recuse,
}  # fmt: skip
