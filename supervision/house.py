"""What the topics need besides their call: keys, templates, rules and calendar. Made once by `setup`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from engine.deadline.calendar import Calendar
from engine.deadline.compute import compute
from engine.deadline.rule import RuleSet
from engine.deadline.rule_words import amount_in_words
from engine.definition import ProgramCache
from engine.instance import Context
from supervision.document.template import Templates
from supervision.document.words import cn_date
from supervision.identity.key import Keys


@dataclass(frozen=True)
class House:
    """The tools of the 督查 rooms."""

    keys: Keys
    templates: Templates
    rules: Callable[[Session], RuleSet]
    calendar: Callable[[Session], Calendar]

    def counting(self) -> Context:
        """As much of a context as counting a deadline again needs; no step runs in it."""
        return Context(ProgramCache(0), self.rules, self.calendar)

    def due_in_words(self, session: Session, key: str, start: date | datetime) -> str:
        """``2026年3月19日``: the last day of rule `key` from that start; '' for an unknown rule."""
        rule = self.rules(session).get(key)
        return cn_date(compute(rule, self.calendar(session), start).due_on) if rule else ""

    def period_in_words(self, session: Session, key: str) -> str:
        """``10个工作日``: the length of rule `key`, as letters print it; '' for an unknown rule."""
        rule = self.rules(session).get(key)
        return amount_in_words(rule).replace(" ", "") if rule else ""
