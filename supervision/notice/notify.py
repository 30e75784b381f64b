"""Writes notices, each once per person and key."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import bindparam, exists, insert, select
from sqlalchemy.orm import Session

from engine.deadline.shanghai import date_of
from engine.store.base import table_of
from engine.store.prepared import Prepared
from supervision.notice.table import Notice
from supervision.organisation import grants

_notices = table_of(Notice)
_NEW = ("id", "login", "key", "text", "link", "created_at")
_add = Prepared(
    insert(_notices).from_select(
        _NEW,
        select(*(bindparam(name, type_=_notices.c[name].type) for name in _NEW)).where(
            ~exists().where(_notices.c.login == bindparam("login"), _notices.c.key == bindparam("key"))
        ),
    )
)


def notify(session: Session, logins: Iterable[str], text: str, link: str, now: datetime, key: str) -> None:
    """One line for each person who has not had it yet.

    `text` must hold no personal data: it is shown in lists and may be sent on by other channels.
    """
    line = {"key": key, "text": text[:300], "link": link, "created_at": now}
    _add.many(session, [{**line, "id": uuid.uuid4().hex, "login": login} for login in sorted(set(logins))])


def holders(session: Session, role: str, unit_code: str, now: datetime) -> set[str]:
    """Logins of the people who hold a role today, for `notify`."""
    return set(grants.holders(session, role, unit_code, date_of(now)))
