"""Walks the chains and names the first entry that is wrong: changed, dropped, inserted or reordered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.history.digest import GENESIS, entry_hash, payload_digest
from engine.store.base import table_of
from engine.store.tables import HistoryChain, HistoryEntry, HistoryPayload

_chains, _entries, _payloads = table_of(HistoryChain), table_of(HistoryEntry), table_of(HistoryPayload)


@dataclass(frozen=True)
class Fault:
    """The first bad entry of a chain and what is wrong with it, in Chinese."""

    chain: str
    seq: int
    reason: str


def verify_chain(session: Session, chain: str, *, heads: dict[str, str] | None = None) -> Fault | None:
    """None when the chain is whole. `heads` are ends noted elsewhere before (chain → hash)."""
    contents = {
        row.seq: row.content
        for row in session.execute(
            select(_payloads.c.seq, _payloads.c.content).where(_payloads.c.chain == chain)
        )
    }
    previous, seq = GENESIS, 0
    rows = session.execute(select(_entries).where(_entries.c.chain == chain).order_by(_entries.c.seq))
    for seq, row in enumerate(rows, start=1):
        if row.seq != seq:
            return Fault(chain, seq, f"缺第 {seq} 条记录（其后为第 {row.seq} 条）")
        if row.previous != previous:
            return Fault(chain, seq, "与上一条记录不衔接：被改写、插入或调换过顺序")
        expected = entry_hash(
            chain=row.chain,
            seq=row.seq,
            at=row.at,
            kind=row.kind,
            element_id=row.element_id,
            name=row.name,
            task_id=row.task_id,
            actor=row.actor,
            payload=row.payload_digest,
            previous=row.previous,
        )
        if row.hash != expected:
            return Fault(chain, seq, "记录内容与其哈希不符：被改写过")
        content = contents.pop(seq, None)
        if row.payload_digest and content is None:
            return Fault(chain, seq, "记录所附数据缺失")
        if content is not None and payload_digest(content) != row.payload_digest:
            return Fault(chain, seq, "记录所附数据被改写过")
        previous = row.hash
    if contents:
        return Fault(chain, min(contents), "有数据而没有记录：记录被删除")
    end = session.execute(select(_chains.c.seq, _chains.c.head).where(_chains.c.chain == chain)).first()
    noted = (heads or {}).get(chain, previous)
    if end is None or (end.seq, end.head) != (seq, previous) or noted != previous:
        return Fault(chain, seq + 1, "末尾记录被删除：与留存的链尾不符")
    return None


def verify_all(session: Session, *, heads: dict[str, str] | None = None) -> Iterator[Fault]:
    """Every faulty chain's first fault. Chains that are noted but gone are found too."""
    chains = set(session.scalars(select(_entries.c.chain).distinct()))
    chains |= set(session.scalars(select(_chains.c.chain))) | set(heads or {})
    for chain in sorted(chains):
        if fault := verify_chain(session, chain, heads=heads):
            yield fault
