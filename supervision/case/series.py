"""案号: gapless per kind and year, given in the transaction that opens the case."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from engine.deadline.shanghai import date_of
from supervision.case.table import CaseSeries
from supervision.lock import locked_row

PREFIX = {"complaint": "TS"}
"""Kind of case → letters of its number. Source: DOMAIN 6.1."""


def next_number(session: Session, kind: str, now: datetime) -> str:
    """``TS-2026-0001``, for a new case."""
    return numbered(session, kind, PREFIX[kind], now)


def numbered(session: Session, kind: str, letters: str, now: datetime) -> str:
    """``XS-2026-0001``. The row is locked until the transaction ends; a rollback gives the number back."""
    year = date_of(now).year
    row = locked_row(session, CaseSeries, {"kind": kind, "year": year}, {"last": 0})
    row.last += 1
    session.flush()
    return f"{letters}-{year}-{row.last:04d}"
