"""中止: intervals that do not count towards a period (第三方意见、公告送达、中止)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from engine.deadline.shanghai import date_of, day_in_words
from engine.errors import InvalidData


@dataclass(frozen=True)
class Pause:
    """The days after `begins_on` up to and including `ends_on` are not counted.

    Counted as every other period is: the day of the event is not part of the interval, the last day is.
    So the time given to a third party from `begins_on` to its answer on `ends_on` is left out exactly,
    and a suspension lifted on its own day costs nothing.
    Source: 政府信息公开条例第三十三条 (征求第三方意见所需时间不计算在期限内).
    """

    begins_on: date
    ends_on: date
    reason: str
    clause: str = ""
    by: str = ""
    """Who suspended it, by name."""
    resumed_by: str = ""


def paused_days(pauses: Sequence[Pause]) -> frozenset[date]:
    """Every day that is not counted; overlapping pauses count once.

    Raises:
        InvalidData: a pause that ends before it begins, or in an absurd year; field `pauses`.
    """
    if not pauses:
        return frozenset()
    return frozenset(
        pause.begins_on + timedelta(days=offset)
        for pause in map(_checked, pauses)
        for offset in range(1, (pause.ends_on - pause.begins_on).days + 1)
    )


def _checked(pause: Pause) -> Pause:
    date_of(pause.begins_on)
    date_of(pause.ends_on)
    if pause.ends_on < pause.begins_on:
        begins, ends = day_in_words(pause.begins_on), day_in_words(pause.ends_on)
        raise InvalidData({"pauses": [f"中止“{pause.reason}”的结束日 {ends}早于开始日 {begins}，请更正。"]})
    return pause
