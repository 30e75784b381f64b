"""Changes the deadline rules: what a new file would do to running and new deadlines, and publishing it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.actor import Actor
from engine.deadline.calendar import Calendar
from engine.deadline.compute import compute
from engine.deadline.rule import Rule
from engine.deadline.rule_file import parse_rules
from engine.deadline.rule_words import extension_in_words, length_in_words
from engine.deadline.shanghai import date_of
from engine.errors import Conflict, InvalidData
from engine.instance import Context
from engine.store.base import table_of
from engine.store.tables import Deadline, RuleVersion
from supervision.deadlines.lawful import refuse_unlawful
from supervision.deadlines.versions import publish_rules

SAMPLE_DAYS = 60
"""Starts on the days from today on over which the difference of new deadlines is averaged."""


@dataclass(frozen=True)
class RuleEffect:
    """One rule that changes."""

    key: str
    step: str
    before: str
    """Length and extension in words; '' for a new rule."""
    after: str
    running: int
    """Deadlines that run under the old rule and keep it."""
    shift: float
    """Calendar days by which new deadlines end later on average; negative is earlier."""

    @property
    def sentence(self) -> str:
        """``12 件在办仍按旧规则；新办件平均提前 3 天到期。``"""
        kept = f"{self.running} 件在办仍按旧规则" if self.running else "没有在办件使用"
        if not self.before:
            return "新增的规则。"
        if not self.shift:
            return f"{kept}；新办件的到期日不变。"
        return f"{kept}；新办件平均{'推迟' if self.shift > 0 else '提前'} {abs(self.shift):.3g} 天到期。"


def preview_rules(session: Session, context: Context, text: str, now: datetime) -> list[RuleEffect]:
    """What publishing `text` would do, rule by rule; rules that stay as they are left out.

    Raises:
        InvalidData: keyed by rule: what is wrong, or against the law.
    """
    old, new = context.rules(session), parse_rules(text)
    refuse_unlawful(old, new)
    running, calendar = running_by_key(session), context.calendar(session)
    return [
        _effect(old.get(key), rule, running.get(key, 0), calendar, date_of(now))
        for key, rule in new.items()
        if key not in old or _terms(old[key]) != _terms(rule)
    ]


def change_rules(
    session: Session, context: Context, text: str, *, reason: str, by: Actor, now: datetime
) -> tuple[RuleVersion, Sequence[RuleEffect]]:
    """Publishes `text` as the new version; what runs keeps the rules it began under. The caller commits.

    Raises:
        InvalidData: the file, against the law, or no reason. Conflict: the very same rules are in force.
    """
    effects = preview_rules(session, context, text, now)
    if not reason.strip():
        raise InvalidData({"reason": ["请写明修改的理由。"]})
    if not effects:
        raise Conflict("与正在使用的规则没有不同，没有需要保存的内容")
    return publish_rules(session, text, by=by, now=now, reason=reason.strip()), effects


def running_by_key(session: Session) -> dict[str, int]:
    """Rule key → deadlines that run or are suspended."""
    table = table_of(Deadline)
    rows = session.execute(
        select(table.c.key, func.count().label("many"))
        .where(table.c.status.in_(("running", "suspended")))
        .group_by(table.c.key)
    )
    return {row.key: row.many for row in rows}


def _terms(rule: Rule) -> dict[str, object]:
    return {name: value for name, value in vars(rule).items() if name != "version"}


def _effect(old: Rule | None, new: Rule, running: int, calendar: Calendar, today: date) -> RuleEffect:
    shift = _shift(old, new, calendar, today) if old else 0.0
    return RuleEffect(new.key, new.step, in_words(old) if old else "", in_words(new), running, shift)


def _shift(old: Rule, new: Rule, calendar: Calendar, today: date) -> float:
    starts = [today + timedelta(days=offset) for offset in range(SAMPLE_DAYS)]
    ends = [(compute(old, calendar, day).due_on, compute(new, calendar, day).due_on) for day in starts]
    return sum((after - before).days for before, after in ends) / SAMPLE_DAYS


def in_words(rule: Rule) -> str:
    """``15 个工作日，自受理起；可延期 1 次，每次不超过 10 个工作日``."""
    return f"{length_in_words(rule)}；{extension_in_words(rule)}"
