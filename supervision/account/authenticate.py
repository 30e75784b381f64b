"""Logging in: the same sentence and the same time for a wrong password and an unknown name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from supervision.account.password import matches
from supervision.account.table import Account

MAX_TRIES = 5
LOCK = timedelta(minutes=15)
REFUSED = f"登录名或密码不正确。连续输错 {MAX_TRIES} 次后，该登录名将暂停登录 {LOCK.seconds // 60} 分钟。"


@dataclass(frozen=True)
class Login:
    """`account` when it went well; else `message` says why not. Commit either way: tries are counted."""

    account: Account | None
    message: str = ""


def authenticate(session: Session, login: str, password: str, now: datetime) -> Login:
    """Checks a password. After five wrong ones the account rests for a quarter of an hour, silently."""
    account = session.scalars(
        select(Account).where(Account.login == login.strip()[:100]).with_for_update()
    ).first()
    right = matches(account.password_hash if account else None, password)
    if account is None or not account.active:
        return Login(None, REFUSED)
    if account.locked_until and account.locked_until > now:
        return Login(None, REFUSED)
    if not right:
        account.failed_tries += 1
        if account.failed_tries >= MAX_TRIES:
            account.failed_tries, account.locked_until = 0, now + LOCK
        return Login(None, REFUSED)
    account.failed_tries, account.locked_until = 0, None
    return Login(account)
