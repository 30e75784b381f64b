"""Whether a period may be extended, suspended, resumed or begun anew, and the sentence if not.

A suspended one may only be resumed: neither its end nor what is left of it is known until then.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from engine.deadline.rule import Rule
from engine.deadline.shanghai import date_of, day_in_words, last_day_before
from engine.errors import Conflict, DeadlineClosed, InvalidData
from engine.instance.course import suspended_in_words, told_of
from engine.store.tables import Deadline


def check_running(session: Session, row: Deadline, what: str) -> None:
    """Returns when it runs; `what` is 延期 or 中止. Raises Conflict."""
    if row.status == "suspended":
        lasts = told_of(session, row.id).course.suspended
        assert lasts is not None  # the status says so
        again = "已经中止，不能再次中止" if what == "中止" else f"中止期间不能{what}"
        raise Conflict(f"{suspended_in_words(row.name, lasts)}，{again}；请先恢复计时。")
    if row.status != "running":
        raise Conflict(f"“{row.name}”的期限已经结束，不能再{what}。")


def check_suspend(session: Session, rule: Rule, row: Deadline, reason: str, on: date, now: datetime) -> None:
    """Raises Conflict, DeadlineClosed or InvalidData; see `clock.suspend`."""
    check_running(session, row, "中止")
    if rule.unit == "date":
        raise DeadlineClosed(f"“{row.name}”的期限是固定日期，不因中止推后，不能中止。")
    if now >= row.due_at:
        ended = day_in_words(last_day_before(row.due_at))
        raise DeadlineClosed(f"“{row.name}”的期限已于 {ended}24:00 届满，届满后不能中止。")
    if not reason.strip():
        raise InvalidData({"reason": ["请写明中止的事由，例如第三方意见、公告送达。"]})
    _not_to_come(on, now, "中止")
    pauses = told_of(session, row.id).pauses
    first = max([row.start_on, *(pause.ends_on for pause in pauses)])
    if on < first:
        what = "上次恢复的日期" if pauses and first > row.start_on else "起算日"
        raise InvalidData(
            {"on": [f"中止的日期 {day_in_words(on)}早于{what} {day_in_words(first)}，请更正。"]}
        )


def check_resume(session: Session, row: Deadline, on: date, now: datetime) -> None:
    """Raises Conflict or InvalidData; see `clock.resume`."""
    if row.status in ("finished", "cancelled"):
        raise Conflict(f"“{row.name}”的期限已经结束，不需要恢复。")
    if row.status != "suspended":
        raise Conflict(f"“{row.name}”的期限没有中止，不需要恢复。")
    _not_to_come(on, now, "恢复")
    lasts = told_of(session, row.id).course.suspended
    if lasts and on < lasts.since:
        since = day_in_words(lasts.since)
        raise InvalidData({"on": [f"恢复的日期 {day_in_words(on)}早于中止的日期 {since}，请更正。"]})


def check_restart(row: Deadline, start_on: date, now: datetime) -> None:
    """Raises InvalidData; see `clock.restart`."""
    if start_on > date_of(now):
        raise InvalidData({"start_on": [f"重新起算的日期 {day_in_words(start_on)}还没有到，请更正。"]})
    if start_on < row.start_on:
        was = day_in_words(row.start_on)
        raise InvalidData(
            {"start_on": [f"重新起算的日期 {day_in_words(start_on)}早于原来的起算日 {was}，请更正。"]}
        )


def _not_to_come(on: date, now: datetime, what: str) -> None:
    if on > date_of(now):
        raise InvalidData({"on": [f"{what}的日期 {day_in_words(on)}还没有到，请更正。"]})
