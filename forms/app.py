"""The web application, made of its parts; nothing is read from the environment here."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import Flask
from sqlalchemy.orm import Session, sessionmaker

from engine.definition.publish import Check
from engine.instance import Context
from forms import shell
from forms.again import repeat_lost
from forms.api.mount import mount_api
from forms.database import attach_database, db
from forms.errors import handle_errors
from forms.flood import limit_floods
from forms.nul import leave_out_nul
from forms.pages import all_pages
from forms.pages.navigation import add_navigation
from forms.security import protect
from forms.services import Services, attach_services
from forms.settings import PageSettings
from forms.signed_in import attach_login, open_eyes
from forms.words import add_filters


def create_app(
    settings: PageSettings,
    *,
    clock: Callable[[], datetime],
    sessions: sessionmaker[Session],
    context: Context,
    keys: Any,
    check: Check | None = None,
) -> Flask:
    """`sessions` says which database; `clock` gives aware UTC; `keys` open the identity vault.

    `check` is what bundles handed in through the API have to stand.
    """
    app = Flask(__name__)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    protect(app, settings)
    leave_out_nul(app)
    attach_database(app, sessions)
    given = Services(settings, clock, context, keys, check)
    attach_services(app, given)
    attach_login(app, sessions)
    app.before_request(open_eyes)
    shell.install(app)
    add_filters(app)
    add_navigation(app)
    handle_errors(app)
    repeat_lost(app, db.session.rollback)
    for blueprint in all_pages():
        app.register_blueprint(blueprint)
    limit_floods(app, settings)
    mount_api(app, given, sessions)
    return app
