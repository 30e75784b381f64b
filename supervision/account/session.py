"""Log-in sessions: rows that end by themselves, by log-out, or when somebody revokes them."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from supervision.account.table import Account, LoginSession

IDLE = timedelta(hours=1)
LONGEST = timedelta(hours=12)
TOUCH = timedelta(minutes=1)
"""`last_seen_at` is written no more often than this: reading a page should not always write."""


def open_session(session: Session, account: Account, now: datetime) -> str:
    """A new log-in; returns the token for the cookie."""
    token = secrets.token_urlsafe(32)
    session.add(
        LoginSession(
            token_hash=_digest(token),
            login=account.login,
            created_at=now,
            last_seen_at=now,
            expires_at=now + LONGEST,
        )
    )
    session.flush()
    return token


def account_of(session: Session, token: str, now: datetime) -> Account | None:
    """Whose log-in the token is, or None when it is unknown, over, revoked, or idle for too long."""
    row = session.get(LoginSession, _digest(token))
    if row is None or row.revoked_at or now >= row.expires_at or now - row.last_seen_at >= IDLE:
        return None
    account = session.get(Account, row.login)
    return account if account and account.active else None


def lapsed_account_of(session: Session, token: str, now: datetime) -> Account | None:
    """Whose log-in it was, where it ended by itself and not by log-out: what they were typing can be kept."""
    row = session.get(LoginSession, _digest(token))
    if row is None or row.revoked_at or account_of(session, token, now):
        return None
    account = session.get(Account, row.login)
    return account if account and account.active else None


def needs_touch(session: Session, token: str, now: datetime) -> bool:
    """Whether `touch` would write: a reading page then opens a writing transaction, and only then."""
    row = session.get(LoginSession, _digest(token))
    return row is not None and now - row.last_seen_at >= TOUCH


def touch(session: Session, token: str, now: datetime) -> None:
    """Notes that the person is still there."""
    session.execute(
        update(LoginSession)
        .where(
            LoginSession.token_hash == _digest(token),
            LoginSession.revoked_at.is_(None),
            LoginSession.last_seen_at < now,
        )
        .values(last_seen_at=now)
    )


def revoke(session: Session, token: str, now: datetime) -> None:
    """Logs out. A token that is unknown changes nothing."""
    row = session.get(LoginSession, _digest(token))
    if row is not None and row.revoked_at is None:
        row.revoked_at = now


def revoke_all(session: Session, login: str, now: datetime, *, except_token: str = "") -> int:
    """Ends every log-in of a person, as after a change of password; returns how many."""
    rows = session.scalars(
        select(LoginSession).where(
            LoginSession.login == login,
            LoginSession.revoked_at.is_(None),
            LoginSession.token_hash != (_digest(except_token) if except_token else ""),
        )
    ).all()
    for row in rows:
        row.revoked_at = now
    return len(rows)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
