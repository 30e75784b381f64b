"""Sends one message through one channel, at least once; its row is told how it went."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from engine.errors import StepFailed, TryLater
from engine.store.base import table_of
from engine.store.tables import Job
from supervision.account.table import Account
from supervision.notice.channels.channel import Channel, Line, Message, Refused, Sender, Unreachable
from supervision.notice.table import Notice, NoticeAddress, NoticeDelivery

REST = timedelta(minutes=1)
"""How long a channel whose gateway is silent is left alone; its messages use up no tries meanwhile."""


class Postman:
    """Does the jobs of one channel. Holds no transaction while the gateway has the word."""

    def __init__(self, open_session: Callable[[], Session], channel: Channel, sender: Sender) -> None:
        self._open, self._channel, self._sender = open_session, channel, sender
        self._rests_until: datetime | None = None

    def rests(self, now: datetime) -> bool:
        """Whether the gateway was silent a moment ago. A clock that jumped back ends the rest too."""
        return self._rests_until is not None and self._rests_until - REST <= now < self._rests_until

    def __call__(self, job: Job, now: datetime) -> None:
        """Raises TryLater (tried again with patience) or StepFailed (a person must look), both in Chinese."""
        found = self._message(job.payload["delivery"], now)
        if found is None:
            return
        message, name = found
        try:
            self._sender.send(message)
        except Refused as refused:
            reason = f"给{name}的{self._channel.label}没有送出：{refused}"
            self._mark(message, now, status="failed", error=str(refused))
            raise StepFailed("", reason) from refused
        except TryLater as late:
            if isinstance(late, Unreachable):
                self._rests_until = now + REST
            self._mark(message, now, status="failed", error=str(late))
            raise TryLater(f"给{name}的{self._channel.label}没有送出：{late}") from late
        self._rests_until = None
        self._mark(message, now, status="sent", sent_at=now, error="")

    def _message(self, delivery_id: str, now: datetime) -> tuple[Message, str] | None:
        """None when it was sent (and the worker died before it could say so) or is wanted no more."""
        with self._open() as session:
            delivery = session.get(NoticeDelivery, delivery_id)
            if delivery is None or delivery.status in ("sent", "dropped"):
                return None
            notice = session.get_one(Notice, delivery.notice_id)
            account = session.get(Account, notice.login)
            way = session.get(NoticeAddress, (notice.login, self._channel.name))
            if account is None or not account.active or way is None or not way.wanted:
                delivery.status, delivery.error = "dropped", "本人不再用此方式接收，或账号已停用"
                session.commit()
                return None
            lines = [Line(*pair) for pair in notice.lines or ()]
            return Message(
                delivery.id, way.address, notice.text, [*lines, Line("", notice.link)], notice.created_at
            ), account.name

    def _mark(self, message: Message, now: datetime, **told: object) -> None:
        deliveries = table_of(NoticeDelivery)
        with self._open() as session:
            session.execute(
                update(deliveries)
                .where(deliveries.c.id == message.id)
                .values(address=message.address, tries=deliveries.c.tries + 1, **told)
            )
            session.commit()
