"""What an entry's hash covers, in one place for the writer and the verifier."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from functools import lru_cache

import orjson

GENESIS = "0" * 64
SYSTEM_CHAIN = "system"
"""Chain of acts that belong to no case."""


def payload_digest(content: bytes) -> str:
    """SHA-256 of the payload's bytes as stored, so a sealed payload is hashed as cipher text."""
    return hashlib.sha256(content).hexdigest()


@lru_cache(maxsize=64)
def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def entry_hash(
    *,
    chain: str,
    seq: int,
    at: datetime,
    kind: str,
    element_id: str,
    name: str,
    task_id: str,
    actor: str,
    payload: str,
    previous: str,
) -> str:
    """SHA-256 over every column of the entry and the hash before it; a JSON list keeps the fields apart."""
    fields = [chain, seq, _instant(at), kind, element_id, name, task_id, actor, payload, previous]
    return hashlib.sha256(orjson.dumps(fields)).hexdigest()
