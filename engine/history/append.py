"""Adds entries to a chain: the only code that writes history."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from engine.actor import Actor
from engine.history.digest import GENESIS, entry_hash, payload_digest
from engine.store.base import table_of
from engine.store.prepared import Prepared
from engine.store.tables import HistoryChain, HistoryEntry, HistoryPayload

_chains = table_of(HistoryChain)
_here = _chains.c.chain == bindparam("of")
_end = Prepared(select(_chains.c.seq, _chains.c.head).where(_here).with_for_update())
_begin = Prepared.insert(_chains)
_move_end = Prepared(update(_chains).where(_here).values(seq=bindparam("seq"), head=bindparam("head")))
_add_entry = Prepared.insert(table_of(HistoryEntry))
_add_payload = Prepared.insert(table_of(HistoryPayload))


class Chain:
    """The open end of one chain during one transaction: several entries, one look-up, one insert."""

    def __init__(self, session: Session, chain: str) -> None:
        self.session, self.chain = session, chain
        row = _end.row(session, of=chain)
        self.new = row is None
        self.seq, self.head = row or (0, GENESIS)
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
        _add_entry.many(self.session, self._rows)
        _add_payload.many(self.session, self._contents)
        if self.new:
            _begin.send(self.session, chain=self.chain, seq=self.seq, head=self.head)
        else:
            _move_end.send(self.session, of=self.chain, seq=self.seq, head=self.head)
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
