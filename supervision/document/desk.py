"""公文: draws up, issues and refuses documents of a case."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from engine.actor import Actor
from engine.deadline.shanghai import date_of
from engine.errors import Conflict, InvalidData, NotFound
from engine.history.append import append
from supervision.basis.cited import codes_of
from supervision.basis.guard import Override, demand_in_force
from supervision.basis.versions import bases
from supervision.document.frozen import ISSUED, freeze, page_digest
from supervision.document.series import next_number
from supervision.document.table import Document
from supervision.document.template import Templates, blanks
from supervision.organisation.grants import role_label
from supervision.setting import get_setting


@dataclass(frozen=True)
class Drafted:
    """The draft's row, and its text as a person edits it: one paragraph a line."""

    document: Document
    text: str


def draft(
    session: Session,
    templates: Templates,
    instance_id: str,
    code: str,
    title: str,
    variables: Mapping[str, Any],
    *,
    issuing_body: str,
    series: str,
    actor: Actor,
    now: datetime,
) -> Drafted:
    """A new draft with the template's text. Raises InvalidData when the template is missing or wrong."""
    text = templates.body(code, {**variables, "title": title, "doc_no": ""})
    row = Document(
        id=uuid.uuid4().hex,
        instance_id=instance_id,
        template_code=code,
        template_digest=templates.digest(code),
        title=title,
        body_html=templates.page(code, {**variables, "title": title, "doc_no": ""}, text),
        basis=_basis(session, templates, code),
        issuing_body=issuing_body,
        series=series,
        status="draft",
        drafted_at=now,
        drafted_by=actor.login,
        detail={},
    )
    session.add(row)
    session.flush()
    return Drafted(row, text)


def _basis(session: Session, templates: Templates, code: str) -> list[dict[str, str]]:
    """What the document rests on, as it reads now: clauses it quotes, other laws the register names."""
    quoted = [{"code": cited, "text": templates.clauses.get(cited, "")} for cited in templates.cited(code)]
    entry, known = templates.register.get(code), bases(session)
    laws = [cited for cited in (entry.cites if entry else ()) if cited.startswith("S:")]
    return quoted + [
        {"code": cited, "text": known[law].name}
        for cited in laws
        for law in codes_of([cited])
        if law in known
    ]


def issue(
    session: Session,
    templates: Templates,
    document_id: str,
    title: str,
    body: str,
    variables: Mapping[str, Any],
    *,
    drafted_by: str,
    signed_as: str,
    actor: Actor,
    now: datetime,
    override: Override | None = None,
) -> Document:
    """编号并定稿. The number is taken here and nowhere else; `actor` is the person who signed, in the role
    `signed_as`. With `override` 合法性审核 lets it cite what is repealed, on record.

    Raises:
        NotFound, Conflict (issued already), InvalidData (blanks left in the text).
        NotAllowed: it rests on a repealed basis.
    """
    row = session.get(Document, document_id, with_for_update=True)
    if row is None:
        raise NotFound(f"Expected a document {document_id}, but there is none")
    if row.status != "draft":
        raise Conflict(f"《{row.title}》已经签发或作废，不能再签发")
    if left := blanks(title + body):
        raise InvalidData({"body": [f"正文还有没填的内容：{'、'.join(left)}。请退回拟稿人补充。"]})
    _demand_bases(session, row, override, actor=actor, now=now)
    row.title, row.drafted_by = title, drafted_by or row.drafted_by
    _finish(
        session, templates, row, body, variables, signed_by=actor, signed_as=signed_as, actor=actor, now=now
    )
    return row


def _demand_bases(
    session: Session, row: Document, override: Override | None, *, actor: Actor, now: datetime
) -> None:
    """Nothing rests on a repealed basis; where 合法性审核 let it, the document says so."""
    through = demand_in_force(session, row.basis, date_of(now), override)
    if not through or override is None:
        return
    allowed = {
        "codes": [one.code for one in through], "reason": override.reason.strip(), "by": override.by.login,
    }  # fmt: skip
    row.detail = {**row.detail, "basis_override": allowed}
    payload = {"document": row.id, **allowed}
    append(
        session, row.instance_id, "document.basis_allowed",
        at=now, actor=actor, name=row.title, payload=payload,
    )  # fmt: skip


def copy(
    session: Session,
    templates: Templates,
    original: Document,
    instance_id: str,
    body: str,
    variables: Mapping[str, Any],
    *,
    signed_by: Actor,
    actor: Actor,
    now: datetime,
) -> Document:
    """The same letter to another addressee: signed with the original, under a number of its own."""
    row = Document(
        id=uuid.uuid4().hex,
        instance_id=instance_id,
        template_code=original.template_code,
        template_digest=templates.digest(original.template_code),
        title=original.title,
        body_html="",
        basis=original.basis,
        issuing_body=original.issuing_body,
        series=original.series,
        status="draft",
        drafted_at=now,
        drafted_by=original.drafted_by,
        detail={"copy_of": original.id},
    )
    session.add(row)
    signed_as = str(original.detail.get("signed_as", ""))
    _finish(
        session, templates, row, body, variables,
        signed_by=signed_by, signed_as=signed_as, actor=actor, now=now,
    )  # fmt: skip
    return row


def _finish(
    session: Session,
    templates: Templates,
    row: Document,
    body: str,
    variables: Mapping[str, Any],
    *,
    signed_by: Actor,
    signed_as: str,
    actor: Actor,
    now: datetime,
) -> None:
    """Numbers the row and writes its last page."""
    row.signed_by, row.issued_on = signed_by.login, date_of(now)
    row.detail = {**row.detail, "signed_as": signed_as, "text": body}
    if row.series:
        word = str(get_setting(session, "organ_word", "X"))
        number = next_number(session, row.issuing_body, row.series, word, row.issued_on.year)
        row.year, row.serial, row.doc_no = number.year, number.serial, number.text
    final = {
        **variables, "title": row.title, "doc_no": row.doc_no, "issued_on": row.issued_on.isoformat(),
        "signed_as": role_label(session, signed_as) if signed_as else signed_by.name,
        "issuing_body": row.issuing_body,
    }  # fmt: skip
    made = templates.fill(row.template_code, final, body)
    row.body_html = made.page
    if left := blanks(row.body_html):  # outside what the drafter writes: the addressee, for one
        raise InvalidData({"title": [f"公文缺少{'、'.join(left)}：请退回，在前面的环节补填。"]})
    freeze(session, row, made.file)
    row.status = "issued"
    payload = {
        "document": row.id, "template": row.template_code, "doc_no": row.doc_no, "digest": row.digest,
        "signed_as": signed_as, "page": page_digest(row),
    }  # fmt: skip
    append(session, row.instance_id, ISSUED, at=now, actor=actor, name=row.title, payload=payload)
    session.flush()


def refuse(session: Session, document_id: str) -> None:
    """不予签发: the draft stays on file without a number."""
    row = session.get(Document, document_id)
    if row is not None and row.status == "draft":
        row.status = "refused"
        session.flush()
