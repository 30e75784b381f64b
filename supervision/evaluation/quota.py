"""Enough people, of every kind, for every unit. Pure. Source: DOMAIN P6 (defaults), AV-4, T37."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

CATEGORIES = ("人大代表", "政协委员", "新闻媒体", "社会人士")
"""Whom R7¶2 names."""


@dataclass(frozen=True)
class Quota:
    """How many may judge a unit at least, in all and of each category."""

    least: int
    each: int


@dataclass(frozen=True)
class Person:
    """Somebody who may take part, and the units they may not judge."""

    category: str
    barred_for: Sequence[str]

    def judges(self, unit: str) -> bool:
        """Whether nothing ties the person to the unit."""
        return unit not in self.barred_for


def lacking(people: Sequence[Person], units: Mapping[str, str], quota: Quota) -> list[str]:
    """Sentences about what is missing; `units` are names by code. Units that lack the same stand together."""
    said: dict[str, list[str]] = {}
    for code, name in units.items():
        able = [person for person in people if person.judges(code)]
        parts = []
        for category in CATEGORIES:
            missing = quota.each - sum(person.category == category for person in able)
            if missing > 0:
                parts.append(f"{category} {missing} 名")
        short = quota.least - len(able)
        if short > 0:
            parts.append(f"总数 {short} 名（至少 {quota.least} 名）")
        if parts:
            said.setdefault("、".join(parts), []).append(name)
    return [f"{'、'.join(names)}的评议人还缺：{what}。" for what, names in said.items()]
