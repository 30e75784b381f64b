"""Reads and writes settings."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from supervision.setting.table import Setting


def get_setting(session: Session, key: str, default: Any = None) -> Any:
    """The value of `key`, or `default` where nobody set it."""
    row = session.get(Setting, key)
    return default if row is None else row.value


def put_setting(session: Session, key: str, value: Any) -> None:
    """Sets `key`; `value` is anything JSON can hold."""
    row = session.get(Setting, key)
    if row is None:
        session.add(Setting(key=key, value=value))
    else:
        row.value = value
    session.flush()


def is_demo(session: Session) -> bool:
    """Whether the database holds the fictitious district: pages then show 演示数据."""
    return bool(get_setting(session, "is_demo", False))
