"""幂等键: a program that lost the answer sends its request again, and gets the first answer again.

The key is taken when the work begins and the answer put beside it when it ends, both in the transaction that
does the work: of two requests at once, the second waits for the first.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from engine.errors import Conflict, InvalidData
from engine.store.base import table_of
from engine.store.prepared import Prepared
from supervision.once.store import KEPT
from supervision.once.table import AnsweredOnce

HEADER = "Idempotency-Key"
OTHER = f"这个 {HEADER} 已用于另一个内容不同的请求：请为新的请求换一个新的键。"
SWEEP = "0"
"""A request whose digest begins with this also deletes what is too old: one in sixteen."""

_table = table_of(AnsweredOnce)
_here = _table.c.key == bindparam("of")
_find = Prepared(select(_table.c.request, _table.c.status, _table.c.body).where(_here))
_take = Prepared.insert(_table)
_put = Prepared(update(_table).where(_here).values(status=bindparam("status"), body=bindparam("body")))


@dataclass(frozen=True)
class Answered:
    """HTTP code and body of the first answer."""

    status: int
    body: bytes


def digest_of(*parts: bytes) -> str:
    """SHA-256 over the parts and their lengths."""
    total = hashlib.sha256()
    for part in parts:
        total.update(len(part).to_bytes(8, "big") + part)
    return total.hexdigest()


def take(session: Session, key: str, request: str, now: datetime) -> Answered | None:
    """The first answer, or None when the work is to be done; the key is taken then.

    Raises:
        InvalidData: the key belongs to another request.
        Conflict: the same request is being done at this moment, and failed to wait; try again.
    """
    if (known := _known(session, key, request)) is not None:
        return known
    if request.startswith(SWEEP):
        session.execute(delete(_table).where(_table.c.at < now - KEPT))
    try:
        _take.change(session, key=key, at=now, request=request, status=0, body=b"")
    except IntegrityError as error:
        session.rollback()
        if (known := _known(session, key, request)) is not None:
            return known
        raise Conflict("同一个请求正在处理，请稍候重试") from error
    return None


def put(session: Session, key: str, answered: Answered) -> None:
    """Keeps the answer beside the key."""
    _put.change(session, of=key, status=answered.status, body=answered.body)


def _known(session: Session, key: str, request: str) -> Answered | None:
    row = _find.row(session, of=key)
    if row is None:
        return None
    if row[0] != request:
        raise InvalidData({HEADER: [OTHER]})
    return Answered(row[1], row[2])
