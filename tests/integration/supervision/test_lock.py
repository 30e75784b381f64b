"""A row made by somebody else in the meantime is taken, not made twice."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from supervision.case.table import CaseSeries
from supervision.lock import locked_row


def test_a_missing_row_is_made_and_then_found(session: Session) -> None:
    key = {"kind": "complaint", "year": 2026}
    made = locked_row(session, CaseSeries, key, {"last": 0})
    made.last = 7
    session.flush()
    assert locked_row(session, CaseSeries, key, {"last": 0}).last == 7


def test_a_row_that_appears_between_looking_and_making_is_taken(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given another transaction wrote the row after this one looked
    key = {"kind": "complaint", "year": 2026}
    session.add(CaseSeries(**key, last=41))
    session.commit()
    looked = session.get
    monkeypatch.setattr(session, "get", lambda *args, **kwargs: monkeypatch.undo())
    session.expunge_all()
    # when
    row = locked_row(session, CaseSeries, key, {"last": 0})
    # then
    assert session.get == looked
    assert row.last == 41
