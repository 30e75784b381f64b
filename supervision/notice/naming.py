"""What messages call a case: they leave the house, so a case is a number and nothing more."""

from __future__ import annotations

import re

from engine.store.tables import Instance

_OF_THE_SYSTEM = re.compile(r"[0-9a-f]{32}(/.*)?|[a-z][a-z0-9_]*:.*")
"""Business keys nobody reads: ids, occasions of cycles, and units asked by either."""


def called(instance: Instance) -> str:
    """``TS-2026-0001``, or the title of what is no case, such as ``单位自查 2026H1 东溪街道办事处``.

    The title of a case begins with its number, and goes on with words that people chose.
    """
    number = instance.business_key
    return number if instance.title.startswith(number) else instance.title


def number_of(business_key: str) -> str:
    """The key where it is a number to people, '' where the system made it for itself: pages show a title."""
    return "" if _OF_THE_SYSTEM.fullmatch(business_key) else business_key
