"""History: append-only and hash-chained, one chain per instance plus the chain ``system``."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Boolean, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from engine.store.base import Base
from engine.store.types import UtcDateTime


class HistoryEntry(Base):
    """One act. `hash` covers the metadata, the payload's digest and the previous entry's hash."""

    __tablename__ = "history"

    chain: Mapped[str] = mapped_column(String(32), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    kind: Mapped[str] = mapped_column(String(40))
    element_id: Mapped[str] = mapped_column(String(100), default="")
    name: Mapped[str] = mapped_column(String(200), default="")
    task_id: Mapped[str] = mapped_column(String(32), default="")
    actor: Mapped[str] = mapped_column(String(100))
    payload_digest: Mapped[str] = mapped_column(String(64), default="")
    previous: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class HistoryChain(Base):
    """Where a chain ends: one writer at a time locks this row, and a cut-off tail shows against it."""

    __tablename__ = "history_chain"

    chain: Mapped[str] = mapped_column(String(32), primary_key=True)
    seq: Mapped[int]
    head: Mapped[str] = mapped_column(String(64))


class HistoryPayload(Base):
    """The data of an act, beside the chain: it may be sealed or destroyed, and the chain still verifies."""

    __tablename__ = "history_payload"

    chain: Mapped[str] = mapped_column(String(32), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)
    sealed: Mapped[bool] = mapped_column(Boolean, default=False)
