"""U+0000, which nobody types and PostgreSQL cannot keep: pages read what was sent without it."""

from __future__ import annotations

from typing import Any

from flask import Flask, abort, request
from werkzeug.datastructures import ImmutableMultiDict, MultiDict

NUL = "\0"
PAGES = ("public", "staff")
"""Blueprints; the API refuses it with a sentence instead."""


def leave_out_nul(app: Flask) -> None:
    """Before each request of a page."""
    app.before_request(_leave_out)


def _leave_out() -> None:
    if request.blueprint not in PAGES:
        return
    if NUL in request.path:
        abort(404)  # nothing can have that name
    if "%00" in request.query_string.decode("latin-1"):
        request.args = _plain(request.args)
    if any(NUL in text for pair in request.form.items(multi=True) for text in pair):
        request.form = _plain(request.form)


def _plain(sent: MultiDict[str, str]) -> Any:
    return ImmutableMultiDict(
        [(name.replace(NUL, ""), value.replace(NUL, "")) for name, value in sent.items(multi=True)]
    )
