"""Makes, revokes and finds the secret address of a person; each act is on the system's record."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from engine.actor import Actor
from engine.deadline.shanghai import date_of
from engine.history.append import append
from engine.history.digest import SYSTEM_CHAIN
from supervision.account.table import Account
from supervision.feed.table import CalendarFeed

TOKEN_BYTES = 32
LONGEST_TOKEN = 100


def create(session: Session, *, by: Actor, now: datetime) -> str:
    """A new address for `by`, shown once; the one before opens nothing from now on."""
    _revoke(session, by.login, now)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    session.add(CalendarFeed(token_hash=_digest(token), login=by.login, created_at=now))
    append(session, SYSTEM_CHAIN, "feed.created", at=now, actor=by, name=by.login)
    session.flush()
    return token


def revoke(session: Session, *, by: Actor, now: datetime) -> bool:
    """Ends the address of `by`; false when there is none."""
    if not _revoke(session, by.login, now):
        return False
    append(session, SYSTEM_CHAIN, "feed.revoked", at=now, actor=by, name=by.login)
    session.flush()
    return True


def current(session: Session, login: str) -> CalendarFeed | None:
    """The address in use, without its secret."""
    mine = select(CalendarFeed).where(CalendarFeed.login == login, CalendarFeed.revoked_at.is_(None))
    return session.scalars(mine.order_by(CalendarFeed.created_at.desc()).limit(1)).first()


def opened_by(session: Session, token: str) -> tuple[CalendarFeed, Account] | None:
    """Whose address it is; None when it is unknown or revoked, or the person no longer works here."""
    if len(token) > LONGEST_TOKEN:
        return None
    found = session.execute(
        select(CalendarFeed, Account)
        .join(Account, Account.login == CalendarFeed.login)
        .where(CalendarFeed.token_hash == _digest(token), CalendarFeed.revoked_at.is_(None), Account.active)
    ).first()
    return (found[0], found[1]) if found else None


def note_use(session: Session, token_hash: str, now: datetime) -> None:
    """Writes down that the feed was fetched today."""
    session.execute(
        update(CalendarFeed).where(CalendarFeed.token_hash == token_hash).values(used_on=date_of(now))
    )


def _revoke(session: Session, login: str, now: datetime) -> bool:
    ended = session.execute(
        update(CalendarFeed)
        .where(CalendarFeed.login == login, CalendarFeed.revoked_at.is_(None))
        .values(revoked_at=now)
    )
    return bool(ended.rowcount)  # type: ignore[attr-defined]


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
