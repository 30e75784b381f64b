"""Who is logged in: flask-login on the rows of `supervision.account.session`.

The cookie holds the log-in's token and nothing else. Reading a page does not write, except that once a minute
the row notes that the person is still there, in a transaction of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from flask import Flask, current_app, request
from flask import session as cookie
from flask_login import LoginManager, UserMixin, current_user
from sqlalchemy.orm import Session, sessionmaker

from engine.actor import Actor
from engine.errors import NotAllowed
from engine.store.visibility import SYSTEM, Viewer, see_as
from forms.database import READING, request_session
from forms.services import now
from supervision.account import session as logins
from supervision.account.table import Account
from supervision.account.viewer import actor_of, viewer_of_actor

TOKEN = "_user_id"
"""Where flask-login keeps the token in the cookie."""
SESSIONS = "DUCHA_SESSIONS"


@dataclass(frozen=True)
class Person(UserMixin):
    """The account behind a log-in, with the roles held today and what they may see."""

    token: str
    account: Account
    actor: Actor
    viewer: Viewer

    def get_id(self) -> str:
        return self.token

    @property
    def units(self) -> frozenset[str]:
        """Codes of the units the person acts for."""
        return frozenset(unit for _, unit in self.actor.roles if unit)

    def holds(self, *roles: str) -> bool:
        """Whether the person holds one of `roles`, anywhere."""
        return any(role in roles for role, _ in self.actor.roles)


def attach_login(app: Flask, sessions: sessionmaker[Session]) -> None:
    """Lets flask-login find the person of a request."""
    app.config[SESSIONS] = sessions
    manager = LoginManager(app)
    manager.session_protection = None  # it would store a digest of address and browser
    manager.user_loader(_load)


def _load(token: str) -> Person | None:
    session = request_session()
    account = logins.account_of(session, token, now())
    if account is None:
        return None
    if logins.needs_touch(session, token, now()):
        _touch(session, token)
    actor = actor_of(session, account, now())
    return Person(token, account, actor, viewer_of_actor(actor))


def _touch(session: Session, token: str) -> None:
    if request.method not in READING:  # this session holds SQLite's write lock already
        logins.touch(session, token, now())
        return
    sessions: sessionmaker[Session] = current_app.config[SESSIONS]
    with sessions.begin() as own:
        logins.touch(see_as(own, SYSTEM), token, now())


def open_eyes() -> None:
    """Before each request: what the person may see, the request's session may read."""
    if request.endpoint == "static":
        return
    session = request_session()
    if TOKEN in cookie and current_user.is_authenticated:
        see_as(session, person().viewer)


def person() -> Person:
    """The person who is logged in; only pages behind the log-in ask."""
    return cast(Person, current_user._get_current_object())


def demand(reason: str, *roles: str) -> None:
    """Raises NotAllowed with `reason` when the person holds none of `roles`."""
    if not person().holds(*roles):
        raise NotAllowed(reason)


def lapsed_account() -> Account | None:
    """Whose log-in the cookie still names although it ended by itself; None after a log-out."""
    token = cookie.get(TOKEN)
    return logins.lapsed_account_of(request_session(), token, now()) if token else None
