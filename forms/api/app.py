"""The API's application, made of its parts."""

from __future__ import annotations

from typing import Any

import orjson
from flask import Flask, Response
from flask.json.provider import JSONProvider
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.routing import Rule

from forms.again import repeat_lost
from forms.api.bearer import admit, attach_sessions, leave
from forms.api.description import Described, settings_of_the_document
from forms.api.problem import handle_problems, undo
from forms.api.resources import all_resources
from forms.security import MOST_TEXT_BYTES, add_headers
from forms.services import Services, attach_services


class Orjson(JSONProvider):
    """Writes answers; every value is JSON already, or an instant or a date."""

    def dumps(self, obj: Any, **kwargs: Any) -> str:
        return orjson.dumps(obj, option=orjson.OPT_NON_STR_KEYS).decode()

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        return orjson.loads(s)

    def response(self, *args: Any, **kwargs: Any) -> Any:
        content = orjson.dumps(self._prepare_response_obj(args, kwargs), option=orjson.OPT_NON_STR_KEYS)
        return Response(content, mimetype="application/json")


def create_api(services: Services, sessions: sessionmaker[Session]) -> Flask:
    """`sessions` says which database; nothing is read from the environment."""
    app = Flask("forms.api", static_folder=None)
    app.json = Orjson(app)
    app.config.update(
        MAX_CONTENT_LENGTH=MOST_TEXT_BYTES,
        SESSION_COOKIE_SECURE=services.settings.secure_cookies,  # asked by the headers; no cookie is ever set
        **settings_of_the_document(),
    )
    attach_services(app, services)
    attach_sessions(app, sessions)
    app.before_request(admit)
    app.after_request(add_headers)
    app.teardown_request(leave)
    # files of a form have their page's address
    app.url_map.add(Rule("/attachment/<attachment_id>", endpoint="staff.attachment", build_only=True))
    described = Described(app)
    for resource in all_resources():
        described.register_blueprint(resource, url_prefix="/api/v1")
    handle_problems(app)
    repeat_lost(app, undo)
    return app
