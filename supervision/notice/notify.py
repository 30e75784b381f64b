"""Writes notices, each once per person and key."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.deadline.shanghai import date_of
from supervision.notice.table import Notice
from supervision.organisation import grants


def notify(session: Session, logins: Iterable[str], text: str, link: str, now: datetime, key: str) -> int:
    """One line for each person who has not had it yet; returns how many were new.

    `text` must hold no personal data: it is shown in lists and may be sent on by other channels.
    """
    wanted = sorted(set(logins))
    if not wanted:
        return 0
    had = set(session.scalars(select(Notice.login).where(Notice.key == key, Notice.login.in_(wanted))))
    fresh = [login for login in wanted if login not in had]
    session.add_all(
        Notice(id=uuid.uuid4().hex, login=login, key=key, text=text[:300], link=link, created_at=now)
        for login in fresh
    )
    session.flush()
    return len(fresh)


def holders(session: Session, role: str, unit_code: str, now: datetime) -> set[str]:
    """Logins of the people who hold a role today, for `notify`."""
    return set(grants.holders(session, role, unit_code, date_of(now)))
