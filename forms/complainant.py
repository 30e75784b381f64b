"""A complainant who gave number and query code: let in to one case, for a short while.

The signed cookie names the case and the end; number, code and name are not in it, and no address holds them.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import session as cookie

from forms.services import now, services

NAME = "case"


def let_in(instance_id: str) -> None:
    """From now on, for some minutes, this browser follows the case."""
    until = now() + timedelta(minutes=services().settings.case_minutes)
    cookie[NAME] = {"id": instance_id, "until": until.isoformat()}


def case_followed() -> str | None:
    """The case's instance, or None when nobody was let in or the time is over."""
    kept = cookie.get(NAME)
    if not isinstance(kept, dict):
        return None
    if now() >= datetime.fromisoformat(kept["until"]):
        cookie.pop(NAME)
        return None
    return str(kept["id"])


def leave() -> None:
    """Forgets the case: for a browser that others use, too."""
    cookie.pop(NAME, None)
