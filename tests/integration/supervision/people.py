"""The people of the small district: one or two for each role."""

from __future__ import annotations

from engine.actor import Actor

PEOPLE = {
    "clerk": ("DCS", "DCS_CLERK", ""),
    "clerk2": ("DCS", "DCS_CLERK", ""),
    "lead": ("DCS", "DCS_LEAD", ""),
    "office": ("QZB", "QZB_CLERK", ""),
    "upper": ("UP", "UP_LIAISON", ""),
    "group": ("LSG", "LSG_HEAD", ""),
    "contact": ("U01", "U_CONTACT", "U01"),
    "head": ("U01", "U_HEAD", "U01"),
    "head2": ("U02", "U_HEAD", "U02"),
    "auditor": ("QZB", "AUDITOR", ""),
    "manager": ("QZB", "MANAGER", ""),
    "admin": ("QZB", "ADMIN", ""),
}


def actor(login: str) -> Actor:
    """The person as `actor_of` would make it."""
    _, role, at = PEOPLE[login]
    return Actor(login, login, frozenset({(role, at)}))
