"""A stored file as an answer: always a download, never shown inside the site."""

from __future__ import annotations

import string
from urllib.parse import quote

from flask import Response

PLAIN = frozenset(string.ascii_letters + string.digits + "._-")


def file_response(content: bytes, filename: str, media_type: str) -> Response:
    """`filename` is what the person called it; browsers get it in full by RFC 5987."""
    response = Response(content, mimetype=media_type)
    plain = "".join(sign if sign in PLAIN else "_" for sign in filename)
    response.headers["Content-Disposition"] = (
        f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(filename, safe='')}"
    )
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
