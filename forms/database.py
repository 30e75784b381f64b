"""One database session per request, through Flask-SQLAlchemy, on the engine that `command/` made.

A session has eyes (可见范围): those of the person who is logged in, or none. Reading goes through them.
What changes a case is done by the engine, which has to see all of it: `acting` lends it its own eyes for
the length of one call, after the page has found the row through the person's.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

from flask import Flask, current_app, g, request
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session as FlaskSession
from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from engine.store.base import Base
from engine.store.visibility import SYSTEM, Viewer, install, see_as, viewer_of

GIVEN = "DUCHA_ENGINE"
READING = ("GET", "HEAD", "OPTIONS")
NOBODY = Viewer()
"""Sees no case at all."""


class RequestSession(FlaskSession):
    """Uses the engine it was given: its settings (WAL, foreign keys, busy timeout) are ours."""

    def get_bind(self, *args: Any, **kwargs: Any) -> Engine:
        return cast(Engine, current_app.config[GIVEN])


db = SQLAlchemy(
    model_class=Base,
    disable_autonaming=True,
    session_options={"class_": RequestSession, "expire_on_commit": False},
)
install(cast("sessionmaker[Session]", db.session))


def attach_database(app: Flask, sessions: sessionmaker[Session]) -> None:
    """Binds the request's session to the engine of `sessions`."""
    app.config[GIVEN] = sessions.kw["bind"]
    # never connected: RequestSession goes to the engine above, but the extension insists on an address
    app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite://"
    db.init_app(app)


def request_session() -> Session:
    """The request's session. A GET reads only, and does not ask SQLite for the write lock."""
    session = cast(Session, db.session())
    if "database" not in g:
        g.database = True
        see_as(session, NOBODY)
        if request.method in READING:
            session.connection(execution_options={"readonly": True})
    return session


@contextmanager
def acting(session: Session) -> Iterator[Session]:
    """Lends the engine's eyes for one command; the person's come back, whatever happens."""
    viewer = viewer_of(session)
    try:
        yield see_as(session, SYSTEM)
    finally:
        see_as(session, viewer)
