"""Connections: one function makes the engine for SQLite or PostgreSQL, one makes sessions."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.orm.util import identity_key

from engine.store import after_commit, sqlite


def make_engine(url: str, *, limited: bool = True) -> Engine:
    """An engine with our settings; `limited` ends statements that wait too long (PostgreSQL).

    Raises:
        ValueError: neither SQLite nor PostgreSQL; the message is Chinese.
    """
    try:
        parsed = make_url(url)
    except ArgumentError:  # its own message would show the password
        raise ValueError(
            "DATABASE_URL 不是数据库地址：应为 postgresql://用户:密码@主机/库名，或 sqlite:///文件"
        ) from None
    match parsed.get_backend_name():
        case "sqlite":
            return sqlite.sqlite_engine(sqlite.absolute(parsed))
        case "postgresql" | "postgres":
            from engine.store import postgres  # its driver takes 10 MB that a SQLite server need not

            return postgres.postgres_engine(parsed, limited=limited)
        case other:
            raise ValueError(f"DATABASE_URL 应以 sqlite:/// 或 postgresql:// 开头，但是“{other}://”")


def make_sessions(engine: Engine) -> sessionmaker[Session]:
    """A factory of sessions; objects stay readable after commit."""
    sessions = sessionmaker(engine, expire_on_commit=False)
    after_commit.install(sessions)
    return sessions


def forget_row(session: Session, entity: type[Any], key: str) -> None:
    """The session's own copy of a row, if it has one, is out of date: it is read anew when asked."""
    known = session.identity_map
    if known and (held := known.get(identity_key(entity, key))) is not None:
        session.expire(held)
