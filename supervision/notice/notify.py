"""Writes notices, each once per person and key."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, exists, insert, select
from sqlalchemy.orm import Session

from engine.deadline.shanghai import date_of
from engine.store.base import table_of
from engine.store.prepared import Prepared
from supervision.notice.table import Notice
from supervision.organisation import grants

_notices = table_of(Notice)
_NEW = ("id", "login", "key", "text", "lines", "link", "subject", "created_at")
_add = Prepared(
    insert(_notices).from_select(
        _NEW,
        select(*(bindparam(name, type_=_notices.c[name].type) for name in _NEW)).where(
            ~exists().where(_notices.c.login == bindparam("login"), _notices.c.key == bindparam("key"))
        ),
    )
)


def notify(
    session: Session,
    logins: Iterable[str],
    text: str,
    link: str,
    now: datetime,
    key: str,
    *,
    subject: str | None = None,
    lines: Sequence[tuple[str, str]] | None = None,
) -> None:
    """One line for each person who has not had it yet; the channels that lead outside follow (`route`).

    `subject` is the id of the deadline a warning is about, so that a page can show whom it reached; `lines`
    are what a digest sums up, as pairs of text and link. `text` must hold no personal data and no title of a
    case: number, process, task and day are enough, for it is shown in lists and sent through other channels.
    """
    line: dict[str, Any] = {
        "key": key,
        "text": text[:300],
        "link": link,
        "subject": subject,
        "created_at": now,
    }
    line["lines"] = [list(pair) for pair in lines] if lines else None
    _add.many(session, [{**line, "id": uuid.uuid4().hex, "login": login} for login in sorted(set(logins))])


def holders(session: Session, role: str, unit_code: str, now: datetime) -> set[str]:
    """Logins of the people who hold a role today, for `notify`."""
    return set(grants.holders(session, role, unit_code, date_of(now)))
