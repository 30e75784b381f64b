"""A test client that closes the file of a large request; the framework leaves that to chance."""

from __future__ import annotations

from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse


class TidyClient(FlaskClient):
    """Large bodies lie in a temporary file, which would be reported as unclosed in somebody else's test."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        answer = super().open(*args, **kwargs)
        answer.request.environ["wsgi.input"].close()
        return answer
