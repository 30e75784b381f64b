"""A program that talks to the API with a key."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from engine.actor import SYSTEM_ACTOR
from supervision.account.token import SCOPES, issue
from tests.acceptance.pages.conftest import Site

ROOT = "/api/v1"
PROBLEM = "application/problem+json"


@dataclass
class Program:
    """Sends JSON; `token` '' sends no key."""

    client: FlaskClient
    token: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    def get(self, path: str, **query: Any) -> TestResponse:
        return self.client.get(ROOT + path, query_string=query, headers=self._headers())

    def post(self, path: str, body: Any = None, key: str = "", **more: Any) -> TestResponse:
        return self.send("POST", path, body, key, **more)

    def send(self, method: str, path: str, body: Any = None, key: str = "", **more: Any) -> TestResponse:
        headers = self._headers() | ({"Idempotency-Key": key} if key else {})
        content = {} if body is None else {"json": body}
        return self.client.open(ROOT + path, method=method, headers=headers, **content, **more)

    def _headers(self) -> dict[str, str]:
        return {**self.headers, **({"Authorization": f"Bearer {self.token}"} if self.token else {})}


def program(site: Site, login: str = "", *scopes: str, days: int = 30) -> Program:
    """A program with a key of `login` for `scopes`, or for all of them; without login one without a key."""
    client = site.app.test_client()
    if not login:
        return Program(client)
    now = site.clock()
    with site.session() as session:
        token = issue(session, login, scopes or SCOPES, now + timedelta(days=days), by=SYSTEM_ACTOR, now=now)
        session.commit()
    return Program(client, token)


def refused(answer: TestResponse, status: int, kind: str = "") -> dict[str, Any]:
    """The problem of an answer that must be one."""
    assert answer.status_code == status, answer.get_data(as_text=True)
    assert answer.mimetype == PROBLEM
    problem: dict[str, Any] = answer.get_json(force=True)
    assert problem["status"] == status
    if kind:
        assert problem["type"] == f"urn:ducha:problem:{kind}", problem
    return problem
