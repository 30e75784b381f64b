"""Who is asking: the key in the Authorization header, the person behind it, and what those eyes may see.

The body is read before the database is asked: on SQLite a request that writes holds the only write lock, and
a slow sender must not hold it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from flask import Flask, current_app, g, request
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.exceptions import NotFound

from engine.actor import Actor
from engine.deadline.shanghai import date_of
from engine.errors import NotAllowed
from engine.store.visibility import SYSTEM, Viewer, see_as
from forms.api.problem import Refusal
from forms.database import READING
from forms.services import now
from supervision.account.token import SCOPES, Bearer, bearer_of, note_use
from supervision.account.viewer import viewer_of_actor

SESSIONS = "ducha-api-sessions"
OPEN = ("api-docs.openapi_json",)
"""What may be asked without a key."""
LONGEST_TOKEN = 200

NO_TOKEN = Refusal(
    401, "no-token", "需要接口密钥", "请求没有带接口密钥。",
    "请在 Authorization 头中写 Bearer 加密钥；密钥由管理员用 ducha token add 签发。",
    headers={"WWW-Authenticate": 'Bearer realm="ducha"'},
)  # fmt: skip
BAD_TOKEN = Refusal(
    401, "bad-token", "密钥无效", "密钥不存在、已到期或已作废。", "请向管理员申请新的密钥。",
    headers={"WWW-Authenticate": 'Bearer realm="ducha", error="invalid_token"'},
)  # fmt: skip


@dataclass(frozen=True)
class Caller:
    """The person in whose name a program acts."""

    bearer: Bearer
    viewer: Viewer

    @property
    def actor(self) -> Actor:
        return self.bearer.actor

    @property
    def units(self) -> frozenset[str]:
        """Codes of the units the person acts for."""
        return frozenset(unit for _, unit in self.actor.roles if unit)

    def holds(self, *roles: str) -> bool:
        """Whether the person holds one of `roles`, anywhere."""
        return any(role in roles for role, _ in self.actor.roles)


def attach_sessions(app: Flask, sessions: sessionmaker[Session]) -> None:
    """Says which database."""
    app.extensions[SESSIONS] = sessions


def admit() -> None:
    """Before each request: opens the session and gives it the bearer's eyes. Raises Refusal 401."""
    if request.routing_exception is not None or request.endpoint in OPEN:
        return
    if "\0" in request.path:  # PostgreSQL knows no such character; nothing can have that name
        raise NotFound
    token = _token()
    request.get_data()
    sessions: sessionmaker[Session] = current_app.extensions[SESSIONS]
    g.session = session = sessions()
    if request.method in READING:
        session.connection(execution_options={"readonly": True})
    bearer = bearer_of(session, token, now())
    if bearer is None:
        raise BAD_TOKEN
    g.caller = Caller(bearer, viewer_of_actor(bearer.actor))
    see_as(session, g.caller.viewer)
    if bearer.used_on != date_of(now()):
        _note_use(session, bearer)


def leave(error: BaseException | None) -> None:
    """After each request: what was not committed never happened."""
    if "session" in g:
        g.session.close()


def database() -> Session:
    """The request's session."""
    return cast(Session, g.session)


def caller() -> Caller:
    """Who asks."""
    return cast(Caller, g.caller)


def need_scope(scope: str) -> None:
    """Raises Refusal 403 when the key was not given the scope."""
    if scope not in caller().bearer.scopes:
        raise Refusal(
            403, "insufficient-scope", "密钥没有这项权限", f"这一步需要权限 {scope}（{SCOPES[scope]}）。",
            "请由管理员另签发带有该权限的密钥。",
            headers={
                "WWW-Authenticate": f'Bearer realm="ducha", error="insufficient_scope", scope="{scope}"'
            },
        )  # fmt: skip


def need_role(reason: str, *roles: str) -> None:
    """Raises NotAllowed with `reason` when the person holds none of `roles`."""
    if not caller().holds(*roles):
        raise NotAllowed(reason)


def _token() -> str:
    words = request.headers.get("Authorization", "").split()
    if len(words) != 2 or words[0].lower() != "bearer":
        raise NO_TOKEN
    if len(words[1]) > LONGEST_TOKEN:
        raise BAD_TOKEN
    return words[1]


def _note_use(session: Session, bearer: Bearer) -> None:
    if request.method not in READING:  # this session may hold the write lock already
        note_use(session, bearer, now())
        return
    sessions: sessionmaker[Session] = current_app.extensions[SESSIONS]
    with sessions.begin() as own:
        note_use(see_as(own, SYSTEM), bearer, now())
