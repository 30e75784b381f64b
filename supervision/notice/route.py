"""Gives each notice to the channels its person wants: a row that tells how it fares, a job that sends it."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from engine.store.base import table_of
from engine.store.tables import Job
from supervision.account.table import Account
from supervision.notice.table import Notice, NoticeAddress, NoticeDelivery

QUEUE = "send"
AT_ONCE = 200
"""Notices of one transaction."""
TOO_OLD = timedelta(days=2)
"""A message that lay longer, because no channel was set up, is sent to nobody any more."""


def route(session: Session, names: Collection[str], now: datetime) -> int:
    """Gives out up to AT_ONCE notices to the channels called `names`; returns how many. The caller commits.

    Row, job and mark are one transaction, so nothing is lost or given out twice, wherever a process dies.
    """
    waiting = (
        select(Notice.id, Notice.login, Notice.created_at)
        .where(Notice.routed_at.is_(None))
        .order_by(Notice.created_at)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    found = session.execute(waiting).all()
    if not found:
        return 0
    fresh = [(notice_id, login) for notice_id, login, at in found if at >= now - TOO_OLD]
    deliveries = list(_deliveries(session, fresh, names, now))
    if deliveries:
        session.execute(insert(table_of(NoticeDelivery)), deliveries)
        session.execute(insert(table_of(Job)), [_job(delivery, now) for delivery in deliveries])
    done = [notice_id for notice_id, _, _ in found]
    session.execute(update(table_of(Notice)).where(Notice.id.in_(done)).values(routed_at=now))
    return len(found)


def _deliveries(
    session: Session, notices: Sequence[tuple[str, str]], names: Collection[str], now: datetime
) -> Iterator[dict[str, Any]]:
    wanted = (
        select(NoticeAddress.login, NoticeAddress.channel, NoticeAddress.address)
        .join(Account, Account.login == NoticeAddress.login)
        .where(
            NoticeAddress.login.in_({login for _, login in notices}),
            NoticeAddress.channel.in_(sorted(names)),
            NoticeAddress.wanted,
            Account.active,
        )
    )
    ways: dict[str, list[tuple[str, str]]] = {}
    for login, channel, address in session.execute(wanted):
        ways.setdefault(login, []).append((channel, address))
    for notice_id, login in notices:
        for channel, address in ways.get(login, ()):
            yield {
                "id": uuid.uuid4().hex,
                "notice_id": notice_id,
                "channel": channel,
                "status": "queued",
                "address": address,
                "queued_at": now,
                "tries": 0,
                "error": "",
            }


def _job(delivery: dict[str, Any], now: datetime) -> dict[str, Any]:
    return {
        "id": uuid.uuid4().hex,
        "key": f"{delivery['channel']}:{delivery['id']}",
        "kind": delivery["channel"],
        "queue": QUEUE,
        "payload": {"delivery": delivery["id"]},
        "due_at": now,
        "status": "ready",
        "attempts": 0,
        "last_error": "",
        "created_at": now,
    }
