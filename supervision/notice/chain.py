"""预警的送达情况: whom the warnings about a deadline reached, when, through which channel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from supervision.account.table import Account
from supervision.notice.channels import label_of
from supervision.notice.channels.in_app import CHANNEL as IN_APP
from supervision.notice.table import Notice, NoticeDelivery

WORDS = {"queued": "待发送", "sent": "已送达", "failed": "未送达", "dropped": "不再发送"}
"""Status of a delivery as people read it."""


@dataclass(frozen=True)
class Reached:
    """One warning to one person through one channel."""

    notice_id: str
    key: str
    """As `notify` was given it: tells which rung the warning was about."""
    text: str
    login: str
    name: str
    channel: str
    """Label in Chinese."""
    status: str
    """queued, sent, failed or dropped."""
    words: str
    at: datetime
    """When it arrived, else when it was queued."""
    tries: int = 1
    error: str = ""
    """Chinese; why it did not arrive."""
    read_at: datetime | None = None
    """When the person marked it read on the pages."""


def warnings_of(session: Session, deadline_id: str) -> list[Reached]:
    """Every warning about the deadline, oldest first, one line per person and channel."""
    told = select(Notice, Account.name).outerjoin(Account, Account.login == Notice.login)
    about = (Notice.subject == deadline_id, Notice.subject.is_not(None))  # the index's own words
    found = session.execute(told.where(*about).order_by(Notice.created_at, Notice.login)).all()
    outside = _outside(session, deadline_id)
    return [line for notice, name in found for line in _lines(notice, name, outside.get(notice.id, []))]


def _outside(session: Session, deadline_id: str) -> dict[str, list[NoticeDelivery]]:
    sent = select(NoticeDelivery).join(Notice, Notice.id == NoticeDelivery.notice_id)
    about = (Notice.subject == deadline_id, Notice.subject.is_not(None))
    by_notice: dict[str, list[NoticeDelivery]] = {}
    for delivery in session.scalars(sent.where(*about).order_by(NoticeDelivery.channel)):
        by_notice.setdefault(delivery.notice_id, []).append(delivery)
    return by_notice


def _lines(notice: Notice, name: str | None, outside: Sequence[NoticeDelivery]) -> list[Reached]:
    who = (notice.id, notice.key, notice.text, notice.login, name or notice.login)
    own = Reached(*who, IN_APP.label, "sent", WORDS["sent"], notice.created_at, read_at=notice.read_at)
    return [own, *(_line(who, delivery) for delivery in outside)]


def _line(who: tuple[str, str, str, str, str], delivery: NoticeDelivery) -> Reached:
    return Reached(
        *who, label_of(delivery.channel), delivery.status, WORDS[delivery.status],
        delivery.sent_at or delivery.queued_at, tries=delivery.tries, error=delivery.error,
    )  # fmt: skip
