"""发文字号: gapless per issuing body, series and year, given only when a document is issued.

Source: GB/T 9704—2012 §7.2.5 (full year in 〔〕, no 第, no leading zeros).
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from supervision.document.table import DocumentSeries
from supervision.lock import locked_row


@dataclass(frozen=True)
class Number:
    """A number of a series and how it is printed."""

    year: int
    serial: int
    text: str


def next_number(session: Session, issuing_body: str, series: str, organ_word: str, year: int) -> Number:
    """``云政公开诉〔2026〕1号``. The row is locked until the transaction ends; a rollback gives it back."""
    key = {"issuing_body": issuing_body, "series": series, "year": year}
    row = locked_row(session, DocumentSeries, key, {"last": 0})
    row.last += 1
    session.flush()
    return Number(year, row.last, f"{organ_word}政公开{series}〔{year}〕{row.last}号")
