"""公文登记: every number of a series in order, the void ones among them, so that a gap is seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from supervision.document.table import Document, DocumentSeries

PAGE = 50


@dataclass(frozen=True)
class Book:
    """Numbers of one body, series and year; `last` is the newest given out."""

    issuing_body: str
    series: str
    year: int
    last: int


@dataclass(frozen=True)
class Line:
    """One number. `document` is None where the reader may not see the case it belongs to."""

    serial: int
    document: Document | None


def books(session: Session) -> Sequence[Book]:
    """The newest year first."""
    rows = session.scalars(
        select(DocumentSeries).order_by(
            DocumentSeries.year.desc(), DocumentSeries.issuing_body, DocumentSeries.series
        )
    )
    return [Book(row.issuing_body, row.series, row.year, row.last) for row in rows]


def lines(session: Session, book: Book, page: int, only: str = "") -> tuple[Sequence[Line], bool]:
    """A page of numbers, the newest first, and whether more follow. `only` void: those alone.

    The session is the reader's: of what it may not see only the number is told.
    """
    query = select(Document).where(
        Document.issuing_body == book.issuing_body,
        Document.series == book.series,
        Document.year == book.year,
    )
    if only:
        rows = session.scalars(
            query.where(Document.status == only)
            .order_by(Document.serial.desc())
            .offset(page * PAGE)
            .limit(PAGE + 1)
        ).all()
        return [Line(row.serial or 0, row) for row in rows[:PAGE]], len(rows) > PAGE
    top = book.last - page * PAGE
    bottom = max(1, top - PAGE + 1)
    rows = session.scalars(query.where(Document.serial >= bottom, Document.serial <= top)).all()
    seen = {row.serial: row for row in rows}
    return [Line(serial, seen.get(serial)) for serial in range(top, bottom - 1, -1)], bottom > 1


def lost(session: Session, book: Book) -> Sequence[int]:
    """Numbers that belong to no document at all: there are none unless somebody deleted rows.

    The session sees every row.
    """
    rows = session.scalars(
        select(Document.serial).where(
            Document.issuing_body == book.issuing_body,
            Document.series == book.series,
            Document.year == book.year,
        )
    )
    return sorted(set(range(1, book.last + 1)) - set(rows))
