"""Puts the API beside the pages: two applications, one address."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask
from sqlalchemy.orm import Session, sessionmaker

from forms.services import Services

PREFIX = "/api/"
Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]


def mount_api(pages: Flask, services: Services, sessions: sessionmaker[Session]) -> None:
    """Sends what begins with /api/ to the API, everything else to the pages."""
    pages.wsgi_app = Both(pages.wsgi_app, services, sessions)  # type: ignore[method-assign]


class Both:
    """Makes the API when it is first asked for: without programs nobody pays for its libraries."""

    def __init__(self, pages: Wsgi, services: Services, sessions: sessionmaker[Session]) -> None:
        self._pages, self._services, self._sessions = pages, services, sessions
        self._lock = threading.Lock()
        self._api: Wsgi | None = None

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if not environ["PATH_INFO"].startswith(PREFIX):
            return self._pages(environ, start_response)
        return (self._api or self._made())(environ, start_response)

    def _made(self) -> Wsgi:
        with self._lock:
            if self._api is None:
                from forms.api.app import create_api

                self._api = create_api(self._services, self._sessions)
        return self._api
