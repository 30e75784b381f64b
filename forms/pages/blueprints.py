"""The two halves of the house: `public` is open to everybody, `staff` to those who logged in, as a whole.

A page added to `staff` is closed before anybody thinks of it.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, request, url_for
from flask_login import current_user

from forms.signed_in import person

public = Blueprint("public", __name__)
staff = Blueprint("staff", __name__)

KEEPS_TYPING = ("staff.task_post", "staff.task_draft")
"""These take in what was typed when the log-in ended meanwhile; they look after themselves."""
OWN_PASSWORD = ("staff.password", "staff.password_post", "staff.logout")


@staff.before_request
def admit() -> Any:
    """Sends whoever is not logged in to the log-in page, and back afterwards."""
    if request.endpoint in KEEPS_TYPING and not current_user.is_authenticated:
        return None
    if not current_user.is_authenticated:
        after = request.full_path.rstrip("?") if request.method == "GET" else None
        return redirect(url_for("public.login", next=after))
    if person().account.must_change_password and request.endpoint not in OWN_PASSWORD:
        return redirect(url_for("staff.password"))
    return None
