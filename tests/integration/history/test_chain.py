"""The history chain is append-only: whatever is done to its rows, the first bad entry is named."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from engine.actor import Actor
from engine.history import append, head, verify_all, verify_chain
from engine.store.tables import HistoryChain, HistoryEntry, HistoryPayload

T0 = datetime(2026, 3, 2, 1, tzinfo=UTC)
CLERK = Actor("clerk1", "陈明")


@pytest.fixture
def chained(session: Session) -> Session:
    for n in range(5):
        append(session, "case1", "completed", at=T0 + timedelta(minutes=n), actor=CLERK,
               element_id=f"ut_{n}", name=f"第{n}步", payload={"n": n})  # fmt: skip
    append(session, "case2", "started", at=T0, actor=CLERK)
    session.commit()
    return session


def test_an_untouched_chain_verifies(chained: Session) -> None:
    assert list(verify_all(chained)) == []
    assert head(chained, "case1") != head(chained, "case2")


def test_a_changed_entry_is_named(chained: Session) -> None:
    chained.execute(
        update(HistoryEntry)
        .where(HistoryEntry.chain == "case1", HistoryEntry.seq == 3)
        .values(actor="nobody")
    )
    fault = verify_chain(chained, "case1")
    assert fault is not None
    assert (fault.seq, "改写" in fault.reason) == (3, True)


def test_a_changed_payload_is_named(chained: Session) -> None:
    chained.execute(
        update(HistoryPayload)
        .where(HistoryPayload.chain == "case1", HistoryPayload.seq == 2)
        .values(content=b'{"n":9}')
    )
    fault = verify_chain(chained, "case1")
    assert fault is not None
    assert fault.seq == 2


def test_a_dropped_entry_is_named(chained: Session) -> None:
    chained.execute(delete(HistoryEntry).where(HistoryEntry.chain == "case1", HistoryEntry.seq == 4))
    fault = verify_chain(chained, "case1")
    assert fault is not None
    assert (fault.seq, fault.reason[:3]) == (4, "缺第 ")


def test_a_dropped_tail_is_named(chained: Session) -> None:
    chained.execute(delete(HistoryPayload).where(HistoryPayload.chain == "case1", HistoryPayload.seq == 5))
    chained.execute(delete(HistoryEntry).where(HistoryEntry.chain == "case1", HistoryEntry.seq == 5))
    fault = verify_chain(chained, "case1")
    assert fault is not None
    assert fault.seq == 5


def test_a_tail_cut_with_its_note_shows_against_a_head_kept_elsewhere(chained: Session) -> None:
    kept = {"case1": head(chained, "case1")}
    chained.execute(delete(HistoryPayload).where(HistoryPayload.chain == "case1", HistoryPayload.seq == 5))
    chained.execute(delete(HistoryEntry).where(HistoryEntry.chain == "case1", HistoryEntry.seq == 5))
    last = chained.execute(
        select(HistoryEntry.hash).where(HistoryEntry.chain == "case1", HistoryEntry.seq == 4)
    ).scalar_one()
    chained.execute(update(HistoryChain).where(HistoryChain.chain == "case1").values(seq=4, head=last))
    assert verify_chain(chained, "case1") is None
    fault = verify_chain(chained, "case1", heads=kept)
    assert fault is not None
    assert fault.seq == 5


def test_a_whole_chain_that_vanished_is_named(chained: Session) -> None:
    chained.execute(delete(HistoryEntry).where(HistoryEntry.chain == "case2"))
    assert [fault.chain for fault in verify_all(chained)] == ["case2"]


def test_reordered_entries_are_named(chained: Session) -> None:
    rows = [
        dict(row._mapping)
        for row in chained.execute(
            select(HistoryEntry.__table__).where(HistoryEntry.chain == "case1", HistoryEntry.seq.in_([2, 3]))
        )
    ]
    chained.execute(delete(HistoryEntry).where(HistoryEntry.chain == "case1", HistoryEntry.seq.in_([2, 3])))
    rows[0]["seq"], rows[1]["seq"] = 3, 2
    chained.execute(insert(HistoryEntry.__table__), rows)
    fault = verify_chain(chained, "case1")
    assert fault is not None
    assert fault.seq == 2
