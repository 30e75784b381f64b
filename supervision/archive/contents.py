"""What is in the file of a case: documents, evidence, deliveries, the history; who complained, sealed.

Everything is named with its SHA-256, as it is stored; nothing is opened to list it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

import orjson
from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from engine.deadline.shanghai import date_of
from engine.store.tables import Attachment, Definition, HistoryEntry, Instance
from supervision.archive.retention import Retention
from supervision.case.table import Case, CaseLink
from supervision.document.frozen import page_digest
from supervision.document.table import Delivery, Document, DocumentFile
from supervision.identity.table import IdentityField

ARCHIVED = "case.archived"
_UNSAFE = re.compile(r'[\\/:*?"<>|\x00-\x1f]')
_KEPT = ("issued", "void")
_Line = tuple[str, str, str, str, int, str, str, str]
"""An `Item` without its number."""


@dataclass(frozen=True)
class Item:
    """A line of 卷内目录."""

    number: int
    kind: str
    """公文, 证据 or 密封."""
    name: str
    """Path in the packed file."""
    title: str
    day: str
    """ISO; '' where it has none."""
    bytes: int
    sha256: str
    retention: str
    source: str
    """Id of the row it comes from."""


@dataclass(frozen=True)
class Volume:
    """案卷. Its JSON is what the digest is about, so that the same file always has the same digest."""

    case_no: str
    process: str
    opened_on: str
    closed_on: str
    outcome: str
    retention: str
    items: Sequence[Item]
    deliveries: Sequence[dict[str, str]]
    entries: int
    chain_head: str
    """Hash of the last entry of the case's chain that belongs to the file."""

    def json(self) -> bytes:
        """目录.json."""
        return orjson.dumps(asdict(self), option=orjson.OPT_SORT_KEYS | orjson.OPT_INDENT_2)

    @property
    def digest(self) -> str:
        """SHA-256 of 目录.json."""
        return hashlib.sha256(self.json()).hexdigest()


def volume_of(session: Session, retention: Retention, case: Case, upto: int | None = None) -> Volume:
    """The file as it is now; its history up to entry `upto`, else to the last that is not about archiving.

    The session sees every row.
    """
    instance = session.get_one(Instance, case.instance_id)
    process = _process(session, instance)
    kept = retention.of_volume(process, _followed(session, case.instance_id))
    last, head = _history(session, case.instance_id, upto)
    found = [
        *_documents(session, case.instance_id, retention, kept), *_files(session, case.instance_id, kept),
        *_vault(session, case.instance_id, kept),
    ]  # fmt: skip
    return Volume(
        case.number, process, case.received_on.isoformat(),
        date_of(case.closed_at).isoformat() if case.closed_at else "", case.outcome, kept,
        [Item(number, *rest) for number, rest in enumerate(found, 1)],
        _deliveries(session, case.instance_id), last, head,
    )  # fmt: skip


def _process(session: Session, instance: Instance) -> str:
    return session.get_one(Definition, instance.definition_id).key


def _followed(session: Session, instance_id: str) -> set[str]:
    """Processes of the cases that followed from it: begun by it, or linked to it."""
    linked = select(CaseLink.instance_id).where(CaseLink.other_id == instance_id)
    query = (
        select(Definition.key)
        .join(Instance, Instance.definition_id == Definition.id)
        .where(or_(Instance.cause_id == instance_id, Instance.id.in_(linked)))
    )
    return set(session.scalars(query))


def _history(session: Session, instance_id: str, upto: int | None) -> tuple[int, str]:
    """Number and hash of the last entry of the file."""
    query = select(HistoryEntry.seq, HistoryEntry.hash).where(HistoryEntry.chain == instance_id)
    query = (
        query.where(HistoryEntry.kind != ARCHIVED) if upto is None else query.where(HistoryEntry.seq <= upto)
    )
    last = session.execute(query.order_by(HistoryEntry.seq.desc()).limit(1)).first()
    return (last.seq, last.hash) if last else (0, "")


def _documents(session: Session, instance_id: str, retention: Retention, kept: str) -> Iterator[_Line]:
    """In the order they were issued; a void one keeps its number and says so."""
    query = (
        select(Document, func.length(DocumentFile.content))
        .outerjoin(DocumentFile, DocumentFile.document_id == Document.id)
        .where(Document.instance_id == instance_id, Document.status.in_(_KEPT))
        .order_by(Document.issued_on, Document.drafted_at, Document.id)
    )
    for place, (row, size) in enumerate(session.execute(query), 1):
        title = f"{row.title}{'（已作废）' if row.status == 'void' else ''}"
        called = _safe(f"{row.doc_no} {row.title}".strip())
        name = f"公文/{place:03d} {called}.{'html' if size is None else 'docx'}"
        day = row.issued_on.isoformat() if row.issued_on else ""
        page = row.body_html.encode()
        yield (
            "公文", name, f"{row.doc_no} {title}".strip(), day, len(page) if size is None else size,
            page_digest(row) if size is None else row.digest,
            retention.of_document(row.template_code, kept), row.id,
        )  # fmt: skip


def _files(session: Session, instance_id: str, kept: str) -> Iterator[_Line]:
    """Evidence in the order it came. What the complainant handed in stays sealed, in a part of its own."""
    query = (
        select(Attachment)
        .where(Attachment.instance_id == instance_id)
        .order_by(Attachment.sealed, Attachment.added_at, Attachment.id)
    )
    for place, row in enumerate(session.scalars(query), 1):
        day = date_of(row.added_at).isoformat()
        kind, name, title = "证据", f"证据/{place:03d} {_safe(row.filename)}", row.filename
        if row.sealed:
            kind, name, title = "密封", f"密封/{place:03d} 投诉人证据.密封", f"投诉人提交的证据 {place}"
        yield kind, name, title, day, row.size_bytes, row.blob_digest, kept, row.id


def _vault(session: Session, instance_id: str, kept: str) -> Iterator[_Line]:
    """Who complained: counted, never named. Its bytes open with the district's key and a reason only."""
    query = (
        select(IdentityField).where(IdentityField.instance_id == instance_id).order_by(IdentityField.field)
    )
    for place, row in enumerate(session.scalars(query), 1):
        digest = hashlib.sha256(row.value).hexdigest()
        day = date_of(row.sealed_at).isoformat()
        name, title = f"密封/身份信息 {place:02d}.密封", f"身份信息 {place}"
        yield "密封", name, title, day, len(row.value), digest, kept, row.field


def _deliveries(session: Session, instance_id: str) -> list[dict[str, str]]:
    """送达 of each document; who signed for it stays sealed."""
    query = (
        select(Delivery.served_on, Delivery.mode, Document.title, Document.doc_no)
        .join(Document, Document.id == Delivery.document_id)
        .where(Delivery.instance_id == instance_id)
        .order_by(Delivery.served_on, Delivery.id)
    )
    return [
        {
            "document": f"{row.doc_no} {row.title}".strip(),
            "mode": row.mode,
            "served_on": row.served_on.isoformat(),
        }
        for row in session.execute(query)
    ]


def _safe(name: str) -> str:
    """A file name that every system takes."""
    return _UNSAFE.sub("_", name)[:80].strip(" .") or "_"
