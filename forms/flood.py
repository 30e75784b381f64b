"""限频: how often one network may complain or query in an hour, counted without keeping an address.

What is counted under is an HMAC of the address with a key that lives in this process and changes every day:
neither memory nor log tells who was here. Counts are per process; with several of them a network gets as many
times more, which the generous defaults bear.
"""

from __future__ import annotations

import hmac
import ipaddress
import secrets
from datetime import date
from hashlib import sha256
from typing import Any

from flask import Flask, request
from flask_limiter import Limiter
from werkzeug.middleware.proxy_fix import ProxyFix

from forms.services import today
from forms.settings import PageSettings

HOUR_S = 3600
IPV6_PREFIX = 64
"""Bits of an IPv6 address that say which network: one household has all addresses below."""

COMPLAINTS = ("public.complaint_post",)
QUERIES = ("public.query_post", "public.followed_post")
"""Endpoints that take something in; looking at pages is not counted."""


class DailyKey:
    """A random key for each day, held in memory only."""

    def __init__(self) -> None:
        self._day: date | None = None
        self._key = b""

    def of(self, day: date) -> bytes:
        """The key of that day; the one of the day before is forgotten."""
        if day != self._day:
            self._day, self._key = day, secrets.token_bytes(32)
        return self._key


def limit_floods(app: Flask, settings: PageSettings) -> None:
    """Counts posts of the public pages, which are registered already. 0 in the settings counts nothing.

    Believes what `settings.trusted_hops` proxies say about address and scheme, and nobody else.
    """
    if settings.trusted_hops:
        hops = settings.trusted_hops
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=0)  # type: ignore[method-assign]
    keys = DailyKey()
    limiter = Limiter(lambda: pseudonym(request.remote_addr or "", keys.of(today())), storage_uri="memory://")
    limiter.init_app(app)
    for endpoints, most, scope in (
        (COMPLAINTS, settings.complaints_an_hour, "complaints"),
        (QUERIES, settings.queries_an_hour, "queries"),
    ):
        for endpoint in endpoints if most else ():
            view: Any = app.view_functions[endpoint]
            app.view_functions[endpoint] = limiter.shared_limit(f"{most} per hour", scope=scope)(view)


def pseudonym(address: str, key: bytes) -> str:
    """The same for the same network on the same day, and nothing else can be told from it."""
    return hmac.new(key, _network(address).encode(), sha256).hexdigest()


def _network(address: str) -> str:
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is not None:
            return str(found.ipv4_mapped)
        return str(ipaddress.ip_network((found, IPV6_PREFIX), strict=False))
    return str(found)
