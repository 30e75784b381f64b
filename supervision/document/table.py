"""Documents, their number series, and how they reached people."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.store.base import Base
from engine.store.types import Json, UtcDateTime
from engine.store.visibility import owned_by_instance


class Document(Base):
    """A document of a case. Source: 党政机关公文处理工作条例; GB/T 9704—2012 §7.2.5 (发文字号)."""

    __tablename__ = "document"
    __table_args__ = (UniqueConstraint("issuing_body", "series", "year", "serial"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    instance_id: Mapped[str] = mapped_column(ForeignKey("instance.id"), index=True)
    template_code: Mapped[str] = mapped_column(String(10))
    template_digest: Mapped[str] = mapped_column(String(64))
    title: Mapped[str] = mapped_column(String(120))
    body_html: Mapped[str] = mapped_column(Text)
    basis: Mapped[list[dict[str, str]]] = mapped_column(Json)
    """Legal basis as it read when the document was drawn up: code, text."""
    issuing_body: Mapped[str] = mapped_column(String(40))
    series: Mapped[str] = mapped_column(String(10), default="")
    """诉, 函, 督 …; '' where the document has no number."""
    year: Mapped[int | None]
    serial: Mapped[int | None]
    doc_no: Mapped[str] = mapped_column(String(60), default="")
    status: Mapped[str] = mapped_column(String(10))
    """draft, issued, refused or void; a void one keeps its number."""
    drafted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    drafted_by: Mapped[str] = mapped_column(String(100))
    signed_by: Mapped[str] = mapped_column(String(100), default="")
    issued_on: Mapped[date | None]
    digest: Mapped[str] = mapped_column(String(64), default="")
    """SHA-256 of the Word file as issued; of the page, for what was issued before files were kept."""
    detail: Mapped[dict[str, Any]] = mapped_column(Json)
    """Addressee in words that name no complainant, what was voided and why."""


class DocumentFile(Base):
    """The Word file of an issued document. Source: S:DA art.37 (来源可靠、要素合规)."""

    __tablename__ = "document_file"

    document_id: Mapped[str] = mapped_column(ForeignKey("document.id"), primary_key=True)
    instance_id: Mapped[str] = mapped_column(ForeignKey("instance.id"), index=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class DocumentSeries(Base):
    """Last number per issuing body, series and year; its row is the lock that keeps numbers gapless."""

    __tablename__ = "document_series"

    issuing_body: Mapped[str] = mapped_column(String(40), primary_key=True)
    series: Mapped[str] = mapped_column(String(10), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int]


class Delivery(Base):
    """送达: how a document reached its addressee."""

    __tablename__ = "delivery"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    document_id: Mapped[str] = mapped_column(ForeignKey("document.id"), index=True)
    instance_id: Mapped[str] = mapped_column(ForeignKey("instance.id"), index=True)
    mode: Mapped[str] = mapped_column(String(20))
    served_on: Mapped[date]
    receiver: Mapped[bytes] = mapped_column(LargeBinary)
    """Sealed: it may name the complainant. Empty bytes where nobody signed."""
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_by: Mapped[str] = mapped_column(String(100))


owned_by_instance(Document, "instance_id")
owned_by_instance(DocumentFile, "instance_id")
owned_by_instance(Delivery, "instance_id")
