"""Creates accounts and changes passwords; each act is on the system's record."""

from __future__ import annotations

import re
from datetime import datetime

from sqlalchemy.orm import Session

from engine.actor import Actor
from engine.errors import InvalidData, NotAllowed
from engine.history.append import append
from engine.history.digest import SYSTEM_CHAIN
from supervision.account.password import check_password, hash_password, matches
from supervision.account.session import revoke_all
from supervision.account.table import Account

_LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}")


def create_account(
    session: Session,
    login: str,
    name: str,
    password: str,
    unit_code: str,
    *,
    by: Actor,
    now: datetime,
    post: str = "",
    must_change: bool = True,
) -> Account:
    """A new account; its owner must change the password at the first log-in, unless told otherwise.

    Raises:
        InvalidData: fields `login`, `name` or `password`.
    """
    if not _LOGIN.fullmatch(login):
        raise InvalidData({"login": ["登录名应为 2 至 40 个小写字母、数字或 . _ -，并以字母或数字开头。"]})
    if not name.strip():
        raise InvalidData({"name": ["请填写姓名。"]})
    if session.get(Account, login):
        raise InvalidData({"login": [f"登录名“{login}”已经有人使用，请换一个。"]})
    check_password(password, login)
    account = Account(
        login=login,
        name=name.strip(),
        password_hash=hash_password(password),
        unit_code=unit_code,
        post=post,
        must_change_password=must_change,
        created_at=now,
    )
    session.add(account)
    session.flush()
    append(
        session, SYSTEM_CHAIN, "account.created", at=now, actor=by, name=login, payload={"unit": unit_code}
    )
    return account


def change_password(
    session: Session, account: Account, old: str, new: str, *, now: datetime, token: str = ""
) -> None:
    """The owner's own change; every other log-in of the account ends.

    Raises:
        NotAllowed: the old password is wrong. InvalidData: the new one is too easy, or the old one again.
    """
    if not matches(account.password_hash, old):
        raise NotAllowed("原密码不正确，请重新输入")
    if old == new:
        raise InvalidData({"password": ["新密码与原密码相同，请换一个。"]})
    set_password(session, account, new, by=Actor(account.login, account.name), now=now, must_change=False)
    revoke_all(session, account.login, now, except_token=token)


def set_password(
    session: Session, account: Account, new: str, *, by: Actor, now: datetime, must_change: bool = True
) -> None:
    """An administrator's reset. Raises InvalidData."""
    check_password(new, account.login)
    account.password_hash = hash_password(new)
    account.must_change_password = must_change
    account.failed_tries, account.locked_until = 0, None
    append(session, SYSTEM_CHAIN, "account.password", at=now, actor=by, name=account.login)
