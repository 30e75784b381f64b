"""日期与时间: a date, a time, or both; local to Asia/Shanghai, without a zone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from marshmallow import ValidationError

from forms.fields.answer import Validator
from forms.fields.base import FieldType
from forms.fields.registry import register
from forms.fields.sources import FieldContext

_DAY = re.compile(r"(?:19|20|21)\d\d-\d\d-\d\d", re.ASCII)


@dataclass(frozen=True)
class _Kind:
    """How one subtype is written, typed in a browser, and shown."""

    written: re.Pattern[str]
    input_type: str
    example: str


_KINDS = {
    "date": _Kind(_DAY, "date", "请填写日期，例如 2026-03-02。"),
    "time": _Kind(re.compile(r"\d\d:\d\d(?::\d\d)?", re.ASCII), "time", "请填写时间，例如 09:30。"),
    "datetime": _Kind(
        re.compile(_DAY.pattern + r"[T ]\d\d:\d\d(?::\d\d)?", re.ASCII),
        "datetime-local",
        "请填写日期和时间，例如 2026-03-02 09:30。",
    ),
}


def _parsed(value: str, subtype: str) -> date | time | datetime | None:
    """The value meant, or None. A written form is demanded because ISO 8601 allows many."""
    text = value.strip()
    if not _KINDS[subtype].written.fullmatch(text):
        return None
    try:
        if subtype == "date":
            return date.fromisoformat(text)
        return time.fromisoformat(text) if subtype == "time" else datetime.fromisoformat(text)
    except ValueError:
        return None


def _words(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


@register("datetime")
class DateTime(FieldType):
    """`subtype` date, time or datetime; `properties.notBefore` and `notAfter`: an ISO date or ``today``.

    Answers are ISO texts: ``2026-03-02``, ``09:30``, ``2026-03-02T09:30``.
    """

    label_zh = "日期与时间"
    template = "fields/datetime.html"

    def __init__(self, component: Mapping[str, Any]) -> None:
        super().__init__(component)
        self.subtype: str = component.get("subtype") or "date"
        self.label = self.label or component.get("dateLabel") or component.get("timeLabel") or ""
        self.kind = _KINDS[self.subtype]

    def convert(self, value: Any, context: FieldContext) -> str | None:
        if value is None or value == "":
            return None
        meant = _parsed(value, self.subtype) if isinstance(value, str) else None
        if meant is None:
            raise ValidationError(self.kind.example)
        return (
            meant.isoformat()
            if isinstance(meant, date) and not isinstance(meant, datetime)
            else _clock(meant)
        )

    def validators(self, context: FieldContext) -> Sequence[Validator]:
        if self.subtype == "time":
            return ()
        least, most = self.limits(context)

        def check(value: str) -> None:
            day = date.fromisoformat(value[:10])
            if least and day < least:
                raise ValidationError(
                    "不能早于今天。" if least == context.today else f"不能早于{_words(least)}。"
                )
            if most and day > most:
                raise ValidationError(
                    "不能晚于今天。" if most == context.today else f"不能晚于{_words(most)}。"
                )

        return (check,)

    def limits(self, context: FieldContext) -> tuple[date | None, date | None]:
        """First and last day allowed; None where there is no limit or the day is not known."""
        least = "today" if self.component.get("disallowPassedDates") else self.properties.get("notBefore")
        return _limit(least, context.today), _limit(self.properties.get("notAfter"), context.today)

    def context(self, value: Any, context: FieldContext) -> Mapping[str, Any]:
        least, most = self.limits(context)
        stop = "T23:59" if self.subtype == "datetime" else ""
        return {
            "text": value if isinstance(value, str) else "",
            "input_type": self.kind.input_type,
            "least": f"{least}{'T00:00' if stop else ''}" if least else "",
            "most": f"{most}{stop}" if most else "",
        }

    def shows(self, value: Any, context: FieldContext) -> str:
        meant = _parsed(value, self.subtype) if isinstance(value, str) else None
        if isinstance(meant, datetime):
            return f"{_words(meant)} {meant:%H:%M}"
        if isinstance(meant, date):
            return _words(meant)
        return f"{meant:%H:%M}" if meant is not None else super().shows(value, context)

    @classmethod
    def lint(cls, component: Mapping[str, Any]) -> Iterator[str]:
        subtype = component.get("subtype") or "date"
        if subtype not in _KINDS:
            yield f"不认识的日期类型“{subtype}”。请选日期、时间或日期加时间。"
        if subtype != "date" and component.get("timeSerializingFormat") not in (None, "no_timezone"):
            yield "时间请选“无时区”（no_timezone）：本系统一律用北京时间。"
        properties = component.get("properties") or {}
        for key in ("notBefore", "notAfter"):
            text = properties.get(key) or "today"
            if text != "today" and not (isinstance(text, str) and _parsed(text, "date")):
                yield f"“{key}”应为 today 或日期，例如 2026-03-02，现在是“{text}”。"


def _clock(meant: time | datetime | date) -> str:
    """Minutes are enough; seconds only where somebody gave them."""
    seconds = isinstance(meant, time | datetime) and meant.second
    return meant.isoformat(timespec="seconds" if seconds else "minutes")  # type: ignore[call-arg]


def _limit(text: str | None, today: date | None) -> date | None:
    if not text:
        return None
    return today if text == "today" else date.fromisoformat(text)
