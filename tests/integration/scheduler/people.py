"""Persons with mailboxes, notices for them, and how far these got."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from supervision.account.table import Account
from supervision.notice import notify
from supervision.notice.table import NoticeAddress, NoticeDelivery

LINK = "/task/1"
T = TypeVar("T")


def add_person(session: Session, login: str, now: datetime, *, wanted: bool | None = True) -> None:
    """`wanted` None: no mailbox is known."""
    session.add(Account(login=login, name=f"{login}先生", password_hash="", unit_code="DCS", created_at=now))
    session.flush()
    if wanted is not None:
        address = f"{login}@yunxi.example.invalid"
        session.add(NoticeAddress(login=login, channel="mail", address=address, wanted=wanted))
        session.flush()


def tell(session: Session, login: str, now: datetime, *, times: int = 1) -> None:
    for number in range(times):
        notify(session, [login], f"TS-2026-000{number}“研判”即将到期", LINK, now, f"warning:{number}")


def seen(session: Session, found: Select[tuple[T]]) -> Sequence[T]:
    """As the others left it; a transaction that stayed open would hold up the pump."""
    session.commit()
    rows = session.scalars(found.execution_options(populate_existing=True)).all()
    session.commit()
    return rows


def deliveries(session: Session) -> Sequence[NoticeDelivery]:
    return seen(session, select(NoticeDelivery).order_by(NoticeDelivery.queued_at))
