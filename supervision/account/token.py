"""接口密钥: keys with which programs act as a person, within the scopes they were given.

A key is worth no more than its person: roles of the day and 可见范围 narrow whatever a scope allows. It is
looked up for every request, so that what was revoked a moment ago opens nothing.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, bindparam, or_, select, update
from sqlalchemy.orm import Session

from engine.actor import Actor
from engine.deadline.shanghai import date_of
from engine.errors import InvalidData, NotFound
from engine.history.append import append
from engine.history.digest import SYSTEM_CHAIN
from engine.store.base import table_of
from engine.store.prepared import Prepared
from supervision.account.table import Account, ApiToken
from supervision.organisation.table import RoleGrant

SCOPES = {
    "definitions:read": "查看流程版本和文件",
    "definitions:write": "提交流程草稿",
    "definitions:publish": "发布他人起草的流程",
    "instances:read": "查看流程实例和办理过程",
    "instances:write": "启动流程",
    "tasks:read": "查看待办",
    "tasks:write": "签收、退签、办理",
    "messages:write": "送入消息和信号",
    "incidents:read": "查看异常",
    "incidents:write": "处理异常",
    "variables:read": "查看变量",
    "variables:write": "修改变量",
}
PREFIX = "ducha_"
"""Lets a key be recognised where it does not belong, as in a repository."""
ID_LENGTH = 12

_tokens, _accounts, _grants = table_of(ApiToken), table_of(Account), table_of(RoleGrant)
_of_token = Prepared(
    select(
        _tokens.c.login, _tokens.c.scopes, _tokens.c.expires_at, _tokens.c.revoked_at, _tokens.c.used_on,
        _accounts.c.name, _accounts.c.active, _grants.c.role, _grants.c.unit_code,
    )
    .join_from(_tokens, _accounts, _accounts.c.login == _tokens.c.login)
    .outerjoin(
        _grants,
        and_(
            _grants.c.login == _tokens.c.login,
            _grants.c.since <= bindparam("today", type_=_grants.c.since.type),
            or_(
                _grants.c.until.is_(None), _grants.c.until >= bindparam("today", type_=_grants.c.until.type)
            ),
        ),
    )
    .where(_tokens.c.token_hash == bindparam("hash"))
)  # fmt: skip
_use = Prepared(
    update(_tokens).where(_tokens.c.token_hash == bindparam("hash")).values(used_on=bindparam("today"))
)


@dataclass(frozen=True)
class Bearer:
    """Whoever shows a key that is good today."""

    token_hash: str
    actor: Actor
    scopes: frozenset[str]
    used_on: date | None


def issue(
    session: Session, login: str, scopes: Iterable[str], expires_at: datetime, *, by: Actor, now: datetime
) -> str:
    """A new key; returns it, for the only time.

    Raises:
        NotFound: no such account. InvalidData: fields `scope` or `days`.
    """
    wanted = sorted(set(scopes))
    if unknown := [scope for scope in wanted if scope not in SCOPES]:
        raise InvalidData({"scope": [f"没有权限“{unknown[0]}”：可用的有 {'、'.join(SCOPES)}。"]})
    if not wanted:
        raise InvalidData({"scope": ["至少要给一项权限，例如 tasks:read。"]})
    if expires_at <= now:
        raise InvalidData({"days": ["有效天数应为正整数，例如 90。"]})
    account = session.get(Account, login)
    if account is None or not account.active:
        raise NotFound(f"没有可用的用户“{login}”：请先用 ducha user add 建立")
    token = PREFIX + secrets.token_urlsafe(32)
    row = ApiToken(
        token_hash=_digest(token), login=login, scopes=" ".join(wanted), created_at=now, created_by=by.login,
        expires_at=expires_at,
    )  # fmt: skip
    session.add(row)
    session.flush()
    payload = {"login": login, "scopes": wanted, "token": row.token_hash[:ID_LENGTH]}
    append(session, SYSTEM_CHAIN, "token.issued", at=now, actor=by, name=login, payload=payload)
    return token


def bearer_of(session: Session, token: str, now: datetime) -> Bearer | None:
    """Whose key it is, with the roles held today; None when unknown, over, revoked or closed."""
    digest = _digest(token)
    rows = _of_token.rows(session, hash=digest, today=date_of(now))
    if not rows:
        return None
    login, scopes, expires_at, revoked_at, used_on, name, active = rows[0][:7]
    if revoked_at or now >= expires_at or not active:
        return None
    roles = frozenset((role, unit) for *_, role, unit in rows if role)
    return Bearer(digest, Actor(login, name, roles), frozenset(scopes.split()), used_on)


def note_use(session: Session, bearer: Bearer, now: datetime) -> None:
    """Writes down that the key was used today."""
    _use.change(session, hash=bearer.token_hash, today=date_of(now))


def tokens(session: Session) -> Sequence[ApiToken]:
    """All keys, the newest first."""
    return session.scalars(select(ApiToken).order_by(ApiToken.created_at.desc(), ApiToken.token_hash)).all()


def revoke(session: Session, token_id: str, *, by: Actor, now: datetime) -> ApiToken:
    """Ends a key at once; a second time changes nothing. Raises NotFound."""
    found = session.scalars(
        select(ApiToken).where(ApiToken.token_hash.startswith(token_id[:64], autoescape=True)).limit(2)
    ).all()
    if len(token_id) < ID_LENGTH or len(found) != 1:
        raise NotFound(f"没有编号为“{token_id}”的密钥：编号是 ducha token list 列出的 {ID_LENGTH} 位")
    row = found[0]
    if row.revoked_at is None:
        row.revoked_at = now
        payload = {"login": row.login, "token": row.token_hash[:ID_LENGTH]}
        append(session, SYSTEM_CHAIN, "token.revoked", at=now, actor=by, name=row.login, payload=payload)
    return row


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
