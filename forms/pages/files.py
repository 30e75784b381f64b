"""附件下载与公文查看."""

from __future__ import annotations

from typing import Any

from flask import Response, render_template
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.attachment import content_of
from engine.errors import NotFound
from forms.database import request_session
from forms.download import file_response
from forms.pages.blueprints import staff
from forms.pages.case.access import open_case
from forms.pages.case.attached import files_seen
from forms.signed_in import person
from supervision.document.frozen import file_of
from supervision.document.table import Document
from supervision.document.word.package import MEDIA_TYPE
from supervision.document.word.pdf import office, pdf_of


@staff.get("/attachment/<attachment_id>")
def attachment(attachment_id: str) -> Response:
    session = request_session()
    row, content = content_of(session, attachment_id)
    if row.instance_id is None or row.sealed:
        raise NotFound(f"Expected an open attachment {attachment_id}, but it is a draft's or sealed")
    _, sight = open_case(session, row.instance_id, person())
    if row.id not in {
        file.id for file in files_seen(session, row.instance_id, sight, person().account.login)
    }:
        raise NotFound(f"Expected attachment {attachment_id} of a task that is done or one's own unit's")
    return file_response(content, row.filename, row.media_type)


@staff.get("/document/<document_id>")
def document(document_id: str) -> Any:
    session = request_session()
    row = _readable(session, document_id)
    return render_template(
        "document.html",
        document=row,
        inside=True,
        has_file=file_of(session, row.id) is not None,
        has_pdf=bool(office()),
    )


@staff.get("/document/<document_id>/word")
def document_file(document_id: str) -> Response:
    """The Word file as it was issued."""
    session = request_session()
    row, file = _frozen(session, document_id)
    return file_response(file, f"{row.doc_no}{row.title}.docx", MEDIA_TYPE)


@staff.get("/document/<document_id>/pdf")
def document_pdf(document_id: str) -> Response:
    """The same as PDF, where LibreOffice is installed."""
    row, file = _frozen(request_session(), document_id)
    return file_response(pdf_of(file), f"{row.doc_no}{row.title}.pdf", "application/pdf")


def _frozen(session: Session, document_id: str) -> tuple[Document, bytes]:
    """Raises NotFound: no file of it is kept."""
    row = _readable(session, document_id)
    file = file_of(session, row.id)
    if file is None:
        raise NotFound(f"Expected an issued document {document_id}, but no file of it is kept")
    return row, file


def _readable(session: Session, document_id: str) -> Document:
    """Raises NotFound, NotAllowed: a person may not read it."""
    row = session.scalars(select(Document).where(Document.id == document_id)).first()
    if row is None:
        raise NotFound(f"Expected a document {document_id}, but there is none")
    _, sight = open_case(session, row.instance_id, person())
    if sight.as_unit and row.status != "issued":
        raise NotFound(f"Expected an issued document {document_id}, but it is {row.status}")
    return row
