"""Adds entries to a chain: the only code that writes history."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from engine.actor import Actor
from engine.history.digest import GENESIS, entry_hash, payload_digest
from engine.store.tables import HistoryChain, HistoryEntry, HistoryPayload

_chains, _entries, _payloads = HistoryChain.__table__, HistoryEntry.__table__, HistoryPayload.__table__


class Chain:
    """The open end of one chain during one transaction: several entries, one look-up, one insert."""

    def __init__(self, session: Session, chain: str) -> None:
        self.session, self.chain = session, chain
        row = session.execute(
            select(_chains.c.seq, _chains.c.head).where(_chains.c.chain == chain).with_for_update()
        ).first()
        self.new = row is None
        self.seq, self.head = (row.seq, row.head) if row else (0, GENESIS)
        self._rows: list[dict[str, Any]] = []
        self._contents: list[dict[str, Any]] = []

    def add(
        self,
        kind: str,
        *,
        at: datetime,
        actor: Actor,
        element_id: str = "",
        name: str = "",
        task_id: str = "",
        payload: Any = None,
        sealed: bool = False,
    ) -> None:
        """`payload` is JSON-able data, or bytes when it is sealed already."""
        content = b"" if payload is None else payload if sealed else orjson.dumps(payload)
        digest = payload_digest(content) if content else ""
        self.seq += 1
        entry: dict[str, Any] = {
            "chain": self.chain,
            "seq": self.seq,
            "at": at,
            "kind": kind,
            "element_id": element_id,
            "name": name,
            "task_id": task_id,
            "actor": actor.login,
        }
        previous = self.head
        self.head = entry_hash(**entry, payload=digest, previous=previous)
        self._rows.append({**entry, "payload_digest": digest, "previous": previous, "hash": self.head})
        if content:
            self._contents.append(
                {"chain": self.chain, "seq": self.seq, "content": content, "sealed": sealed}
            )

    def write(self) -> str:
        """Inserts what was added; returns the head. The primary key refuses a second writer."""
        if not self._rows:
            return self.head
        self.session.execute(insert(_entries), self._rows)
        if self._contents:
            self.session.execute(insert(_payloads), self._contents)
        end = {"seq": self.seq, "head": self.head}
        if self.new:
            self.session.execute(insert(_chains).values(chain=self.chain, **end))
        else:
            self.session.execute(update(_chains).where(_chains.c.chain == self.chain).values(**end))
        self._rows, self._contents, self.new = [], [], False
        return self.head


def append(
    session: Session,
    chain: str,
    kind: str,
    *,
    at: datetime,
    actor: Actor,
    element_id: str = "",
    name: str = "",
    task_id: str = "",
    payload: Any = None,
    sealed: bool = False,
) -> str:
    """One entry by itself; returns the chain's new head."""
    link = Chain(session, chain)
    link.add(
        kind,
        at=at,
        actor=actor,
        element_id=element_id,
        name=name,
        task_id=task_id,
        payload=payload,
        sealed=sealed,
    )
    return link.write()


def head(session: Session, chain: str) -> str:
    """Hash of the newest entry, or the genesis value."""
    return Chain(session, chain).head
