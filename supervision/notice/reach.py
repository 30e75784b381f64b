"""How a person can be reached, and which ways the person wants."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.actor import Actor
from engine.errors import InvalidData
from engine.history.append import append
from engine.history.digest import SYSTEM_CHAIN
from supervision.notice.channels import channels
from supervision.notice.table import NoticeAddress


@dataclass(frozen=True)
class Way:
    """One channel for one person."""

    channel: str
    label: str
    always: bool
    address: str
    """'' when none is known."""
    wanted: bool


def ways_of(session: Session, login: str) -> list[Way]:
    """Every channel there is, in-app first."""
    known = session.scalars(select(NoticeAddress).where(NoticeAddress.login == login)).all()
    rows = {row.channel: row for row in known}
    return [
        Way(
            channel.name, channel.label, channel.always,
            rows[channel.name].address if channel.name in rows else "",
            channel.always or (channel.name in rows and rows[channel.name].wanted),
        )
        for channel in channels().values()
    ]  # fmt: skip


def choose(session: Session, login: str, wanted: Collection[str], *, by: Actor, now: datetime) -> list[str]:
    """Lets in the channels named and no others that can be done without; returns labels of those changed."""
    rows = session.scalars(select(NoticeAddress).where(NoticeAddress.login == login)).all()
    changed = [row for row in rows if row.wanted != (row.channel in wanted)]
    for row in changed:
        row.wanted = row.channel in wanted
        payload = {"channel": row.channel, "wanted": row.wanted}
        append(session, SYSTEM_CHAIN, "notice.channel", at=now, actor=by, name=login, payload=payload)
    known = channels()
    return [known[row.channel].label for row in changed if row.channel in known]


def set_address(
    session: Session, login: str, channel: str, address: str, *, by: Actor, now: datetime
) -> None:
    """Where the channel reaches the person from now on; '' for nowhere.

    The address itself is not put on record: it is a person's, and the record is kept for ever.

    Raises:
        InvalidData: field `address`.
    """
    address = address.strip()
    if address and (fault := channels()[channel].fault(address)):
        raise InvalidData({"address": [f"{fault}，但是“{address}”。"]})
    row = session.get(NoticeAddress, (login, channel))
    if not address:
        if row is not None:
            session.delete(row)
    elif row is None:
        session.add(NoticeAddress(login=login, channel=channel, address=address))
    else:
        row.address = address
    session.flush()
    payload = {"channel": channel, "known": bool(address)}
    append(session, SYSTEM_CHAIN, "notice.address", at=now, actor=by, name=login, payload=payload)
