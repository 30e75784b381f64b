"""Keyset paging: a page begins after a row, not at a number, so that it never skips or repeats one."""

from __future__ import annotations

import base64
import binascii
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, and_, or_
from sqlalchemy.orm import InstrumentedAttribute

PAGE = 20
FAR = datetime(9999, 1, 1, tzinfo=UTC)
"""Stands for “no deadline”: such rows come last."""


def encode(at: datetime | None, row_id: str) -> str:
    """An opaque word for the address: the last row of a page."""
    text = f"{(at or FAR).isoformat()}|{row_id}"
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def decode(word: str) -> tuple[datetime, str] | None:
    """The row a word stands for; None for what is no cursor of ours (the list then begins at its start)."""
    try:
        text = base64.urlsafe_b64decode(word + "=" * (-len(word) % 4)).decode()
        at, _, row_id = text.partition("|")
        moment = datetime.fromisoformat(at)
    except (ValueError, binascii.Error):
        return None
    return (moment, row_id) if moment.utcoffset() == timedelta() and row_id else None


def after(
    word: str, at: ColumnElement[datetime], row_id: InstrumentedAttribute[str]
) -> ColumnElement[bool] | None:
    """Rows behind the cursor, `at` ascending."""
    place = decode(word) if word else None
    if place is None:
        return None
    return or_(at > place[0], and_(at == place[0], row_id > place[1]))


def before(
    word: str, at: ColumnElement[datetime], row_id: InstrumentedAttribute[str]
) -> ColumnElement[bool] | None:
    """Rows behind the cursor, `at` descending (newest first)."""
    place = decode(word) if word else None
    if place is None:
        return None
    return or_(at < place[0], and_(at == place[0], row_id < place[1]))
