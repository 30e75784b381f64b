"""The Word file of an issued document: kept as it was issued, and checked against the chain of its case."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

import orjson
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.store.tables import HistoryEntry, HistoryPayload
from supervision.document.table import Document, DocumentFile

ISSUED = "document.issued"


@dataclass(frozen=True)
class Altered:
    """A document that is not what was issued."""

    document_id: str
    instance_id: str
    title: str
    reason: str


def freeze(session: Session, document: Document, file: bytes) -> None:
    """Keeps the file; the document's digest is the file's."""
    session.add(DocumentFile(document_id=document.id, instance_id=document.instance_id, content=file))
    document.digest = hashlib.sha256(file).hexdigest()


def page_digest(document: Document) -> str:
    """SHA-256 of what a person reads on the screen."""
    return hashlib.sha256(document.body_html.encode()).hexdigest()


def file_of(session: Session, document_id: str) -> bytes | None:
    """The file as issued; None of a draft, and of what was issued before files were kept."""
    query = select(DocumentFile.content).where(DocumentFile.document_id == document_id)
    return session.scalars(query).first()


def altered(session: Session) -> Iterator[Altered]:
    """Every issued document whose file or page is not the one its case's chain names."""
    issued = (
        select(HistoryEntry.chain, HistoryEntry.name, HistoryPayload.content)
        .join(
            HistoryPayload,
            (HistoryPayload.chain == HistoryEntry.chain) & (HistoryPayload.seq == HistoryEntry.seq),
        )
        .where(HistoryEntry.kind == ISSUED, HistoryPayload.sealed.is_(False))
        .order_by(HistoryEntry.chain, HistoryEntry.seq)
    )
    for chain, title, content in session.execute(issued):
        said = orjson.loads(content)
        if reason := _fault(session, said):
            yield Altered(said["document"], chain, title, reason)


def _fault(session: Session, said: dict[str, str]) -> str:
    row = session.get(Document, said["document"])
    if row is None:
        return "公文已不在库中"
    if "page" not in said:  # issued before Word files were kept: the digest is the page's
        return "" if page_digest(row) == said["digest"] else "网页正文与签发时不一致"
    file = file_of(session, row.id)
    if file is None:
        return "定稿文件已不在库中"
    if hashlib.sha256(file).hexdigest() != said["digest"]:
        return "定稿文件与签发时不一致"
    if page_digest(row) != said["page"]:
        return "网页正文与签发时不一致"
    return ""
