"""The value of an input column as its type says: form fields are text, tables compare numbers and dates.

Only text is converted, and only to what it spells; a text that spells nothing of the type is told.
Source: DMN 1.3 table 44 (types), section 10.3.4.1 (conversion functions).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any

from engine.bpmn.functions import PURE
from engine.errors import ExpressionError

NUMBERS = ("number", "integer", "long", "double", "float", "decimal")
TEXTS = ("string",)
TRUTHS = {"true": True, "false": False}


def _number(text: str) -> int | float:
    number = PURE["float"](text)
    return int(number) if number == int(number) and "." not in text and "e" not in text.lower() else number


def _truth(text: str) -> bool:
    return TRUTHS[text.strip().lower()]


def _date(text: str) -> date:
    return datetime.fromisoformat(text).date()


_READERS: dict[str, tuple[str, Callable[[str], Any]]] = {
    **{name: ("数", _number) for name in NUMBERS},
    "boolean": ("是或否（true、false）", _truth),
    "date": ("日期", _date),
    "datetime": ("日期和时间", datetime.fromisoformat),
    "time": ("时间", time.fromisoformat),
    "daytimeduration": ("时长", lambda text: PURE["duration"](text)),
}
_ALIASES = {
    "date and time": "datetime",
    "days and time duration": "daytimeduration",
    "dayTimeDuration": "daytimeduration",
}


def kind_of(type_ref: str) -> str:
    """The type without its prefix (``feel:``, ``xsd:``), one word for each: number, boolean, date, string…"""
    name = type_ref.rpartition(":")[2].strip()
    name = _ALIASES.get(name, name).lower()
    return "number" if name in NUMBERS else name


def typed(value: Any, type_ref: str, label: str) -> Any:
    """`value`, read as the column's type when it is a text. An empty text is no value.

    Raises:
        ExpressionError: the text does not spell the type.
    """
    reader = _READERS.get(kind_of(type_ref))
    if not isinstance(value, str) or reader is None:
        return value
    if not value.strip():
        return None
    word, read = reader
    try:
        return read(value.strip())
    except (ValueError, KeyError, OverflowError, ExpressionError) as error:
        raise ExpressionError(f"输入列“{label}”应为{word}，但是“{value}”") from error
