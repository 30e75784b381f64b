"""Pages, one file per group, on two blueprints: `public` and `staff`."""

from __future__ import annotations

from flask import Blueprint

from forms.pages import (
    begin,
    box,
    calendar,
    case,
    cycles,
    document,
    escalation,
    files,
    inbox,
    incidents,
    intake,
    law,
    login,
    me,
    notices,
    overdue,
    rules,
    statistics,
    task,
    units,
)
from forms.pages.blueprints import public, staff
from forms.pages.open import complaint, follow, landing, published

PAGES = (
    begin, box, calendar, case, complaint, cycles, document, escalation, files, follow, inbox, incidents,
    intake, landing, law, login, me, notices, overdue, published, rules, statistics, task, units,
)  # fmt: skip
"""Imported for their side effect: each attaches its views."""


def all_pages() -> tuple[Blueprint, Blueprint]:
    """Both blueprints with all their pages."""
    return public, staff
