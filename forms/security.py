"""The session cookie, CSRF, and the headers on every answer."""

from __future__ import annotations

from flask import Flask, Response, current_app, g, request
from flask_wtf.csrf import CSRFProtect

from forms.settings import PageSettings

csrf = CSRFProtect()

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
ISLAND_POLICY = POLICY + "; style-src-attr 'unsafe-inline'"
"""For pages with an island that sets styles on elements (the diagram)."""

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}

MOST_TEXT_MB = 2
MOST_TEXT_BYTES = MOST_TEXT_MB * 1024 * 1024
"""Of what is sent without files."""


def protect(app: Flask, settings: PageSettings) -> None:
    """Applies everything of this file to `app`."""
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SESSION_COOKIE_NAME="ducha",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_TIME_LIMIT=None,  # lives with the browser's session: a long form must not expire
        MAX_CONTENT_LENGTH=settings.max_request_mb * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=MOST_TEXT_BYTES,
        MAX_FORM_PARTS=2000,
    )
    app.before_request(limit_text)  # before CSRF, which reads the form
    csrf.init_app(app)
    app.after_request(add_headers)


def limit_text() -> None:
    """Only a form with files may be large; the library limits the texts of such a form, but of no other."""
    if request.mimetype != "multipart/form-data":
        request.max_content_length = MOST_TEXT_BYTES


def island_page() -> None:
    """Called by a view whose page holds the diagram."""
    g.island = True


def add_headers(response: Response) -> Response:
    """Every answer gets them; only the stylesheet, scripts and icons may be kept by a browser,
    and what says itself that nobody but its reader may keep it (a calendar feed)."""
    response.headers.setdefault("Content-Security-Policy", ISLAND_POLICY if g.get("island") else POLICY)
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if current_app.config["SESSION_COOKIE_SECURE"]:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    if request.endpoint != "static" and not response.cache_control.private:
        response.headers["Cache-Control"] = "no-store"
    return response
