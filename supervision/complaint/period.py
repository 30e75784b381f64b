"""The running period as the complainant is told it: until when and why, nothing of who works on it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.deadline.rule import Rule
from engine.deadline.rule_words import amount_in_words
from engine.deadline.shanghai import day_in_words
from engine.errors import NotFound
from engine.instance import Context
from engine.instance.course import Told, told_of
from engine.instance.rules_then import rule_then
from engine.store.tables import Deadline
from supervision.eyes import with_system_eyes

PERIODS = ("CP-TRIAGE", "CP-HANDLE", "CP-XF", "CP-SUPP", "CP-CONSULT", "CP-REF")
"""Of the case itself, which the law gives; not of a single task inside it."""
COUNTED = {"wd": "个工作日", "cd": "日", "month": "个月"}


@dataclass(frozen=True)
class PublicPeriod:
    """`due_on` is None while the clock stands still; `words` are whole sentences."""

    due_on: date | None
    words: tuple[str, ...]


def period_row(session: Session, instance_id: str, *statuses: str) -> Deadline | None:
    """The case's own period in one of `statuses`; of several the one that ends last."""
    return session.scalars(
        select(Deadline)
        .where(Deadline.instance_id == instance_id, Deadline.status.in_(statuses), Deadline.key.in_(PERIODS))
        .order_by(Deadline.due_at.desc())
    ).first()


@with_system_eyes
def public_period(session: Session, context: Context, instance_id: str) -> PublicPeriod | None:
    """None when no period runs. Expects that `check_code` let the person in."""
    row = period_row(session, instance_id, "running", "suspended")
    if row is None:
        return None
    due_on = row.due_on if row.status == "running" else None
    try:
        rule = rule_then(session, context, row)
    except NotFound:  # rules no longer on file: the stored day stands
        return PublicPeriod(due_on, ())
    return PublicPeriod(due_on, tuple(_words(rule, row, told_of(session, row.id))))


def _words(rule: Rule, row: Deadline, told: Told) -> Iterator[str]:
    """Reasons of suspensions are fixed words; what staff wrote freely is not repeated here."""
    again = "重新" if told.course.restarts else ""
    yield f"自 {day_in_words(row.start_on)}{again}起算，当日不计入，期限 {amount_in_words(rule)}。"
    if row.extended_by:
        yield f"已延长 {row.extended_by} {COUNTED[rule.unit]}。"
    for pause in told.pauses:
        since, until = day_in_words(pause.begins_on), day_in_words(pause.ends_on)
        yield f"{since}至 {until}中止计时（{pause.reason}），中止的日子不计入。"
    if told.course.suspended:
        lasts = told.course.suspended
        yield f"自 {day_in_words(lasts.since)}起中止计时（{lasts.reason}），恢复后继续计算。"
    elif rule.unit != "date":
        rest = "周末和节假日不计入" if rule.unit == "wd" else "最后一日是休息日的顺延到下一个工作日"
        yield f"{rest}，到 {day_in_words(row.due_on)}24:00 届满。"
    if row.provisional:
        yield "该年的放假安排还没有公布，日期是暂定的。"
