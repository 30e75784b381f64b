"""Which scope a role sees by: written on a case when it is somebody's, asked for when somebody looks."""

from __future__ import annotations

BODIES = {"DCS": "DCS", "QZB": "QZB", "GOV": "QZB", "LSG": "LSG", "UP": "UP", "JW": "JW", "RM": "RM"}
"""First part of a role code → body whose cases it sees."""

UNIT_ROLES = ("U_CONTACT", "U_INNER_HEAD", "U_DEPUTY", "U_HEAD")

ONLOOKERS = {"AUDITOR": "audit:all", "MANAGER": "board:all"}
"""Roles that look at all cases and handle none."""

NO_CASES = ("ADMIN", "OWNER", "PUB")


def scope_of(role: str, unit: str) -> str | None:
    """The scope of a role: its body's, its unit's, or its own desk's; None where it sees no case.

    A role of no body, such as 保密审查员, sees a case only once it was given a task in it.
    """
    head = role.split("_")[0]
    if role in ONLOOKERS:
        return ONLOOKERS[role]
    if role in NO_CASES:
        return None
    if head in BODIES:
        return f"body:{BODIES[head]}"
    if head == "U":
        return f"unit:{unit}" if unit else None
    return f"desk:{role}"
