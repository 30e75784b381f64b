"""数字: a number, kept as a JSON number."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from marshmallow import ValidationError

from forms.fields.answer import Validator
from forms.fields.base import FieldType, Posted
from forms.fields.limits import lint_order, lint_whole, whole
from forms.fields.registry import register
from forms.fields.sources import FieldContext

LARGEST = 10**15
"""Above this a browser no longer tells neighbouring whole numbers apart."""

_NUMBER = re.compile(r"[+-]?\d{1,30}(?:\.\d{1,30})?", re.ASCII)


def decimal_of(value: Any) -> Decimal | None:
    """The number meant by a JSON number or by text (full-width digits too), or None when it is none."""
    if isinstance(value, bool) or (isinstance(value, int) and abs(value) > 10 * LARGEST):
        return None
    if isinstance(value, float):
        return Decimal(repr(value)) if abs(value) <= 10 * LARGEST else None  # not a number compares false
    if not isinstance(value, str | int):
        return None
    text = unicodedata.normalize("NFKC", str(value)).strip()
    return Decimal(text) if _NUMBER.fullmatch(text) else None


def plain(number: Decimal) -> int | float:
    """A JSON number: whole where nothing is lost."""
    return int(number) if number == number.to_integral_value() else float(number)


@register("number")
class Number(FieldType):
    """`validate`: required, min, max; `decimalDigits`, `increment`."""

    label_zh = "数字"
    template = "fields/number.html"

    def __init__(self, component: Mapping[str, Any]) -> None:
        super().__init__(component)
        self.least, self.most = decimal_of(self.rules.get("min")), decimal_of(self.rules.get("max"))
        self.increment = decimal_of(component.get("increment"))
        self.digits = whole(component, "decimalDigits")
        self.suffix: str = (component.get("appearance") or {}).get("suffixAdorner") or ""

    def convert(self, value: Any, context: FieldContext) -> int | float | None:
        if value is None or (isinstance(value, str) and not value.strip()):
            return None
        number = decimal_of(value)
        if number is None:
            raise ValidationError("请填写数字，例如 12。")
        if abs(number) > LARGEST:
            raise ValidationError("数字过大，请核对后重新填写。")
        return plain(number)

    def validators(self, context: FieldContext) -> Sequence[Validator]:
        return (self.check_range, self.check_digits)

    def check_range(self, value: int | float) -> None:
        """Raises ValidationError below `min` or above `max`."""
        number = Decimal(str(value))
        if self.least is not None and number < self.least:
            raise ValidationError(f"不得小于 {plain(self.least)}。")
        if self.most is not None and number > self.most:
            raise ValidationError(f"不得大于 {plain(self.most)}。")

    def check_digits(self, value: int | float) -> None:
        """Raises ValidationError for too many decimals, or between two steps of the increment."""
        number = Decimal(str(value)).normalize()
        exponent = number.as_tuple().exponent
        if self.digits is not None and isinstance(exponent, int) and -exponent > self.digits:
            raise ValidationError(f"最多保留 {self.digits} 位小数。" if self.digits else "应为整数。")
        if self.increment and number % self.increment:
            raise ValidationError(f"应为 {plain(self.increment)} 的整数倍。")

    def read(self, posted: Posted, name: str) -> Any:
        typed = posted.get(name, "")
        number = decimal_of(typed)
        return typed if number is None else plain(number)

    def context(self, value: Any, context: FieldContext) -> Mapping[str, Any]:
        return {
            "text": "" if value is None else str(value),
            "inputmode": "decimal" if self.digits != 0 else "numeric",
        }

    def shows(self, value: Any, context: FieldContext) -> str:
        return "" if value is None or value == "" else f"{value}{self.suffix}"

    @classmethod
    def lint(cls, component: Mapping[str, Any]) -> Iterator[str]:
        rules = component.get("validate") or {}
        yield from lint_whole(component, "decimalDigits")
        limits = {}
        for place, key in ((rules, "min"), (rules, "max"), (component, "increment")):
            if place.get(key) not in (None, ""):
                limits[key] = decimal_of(place[key])
                if limits[key] is None:
                    yield f"“{key}”应为数字，不能是表达式或文字，现在是“{place[key]}”。"
        if None not in limits.values():
            least, most = limits.get("min"), limits.get("max")
            yield from lint_order(
                least if least is None else int(least), most if most is None else int(most), "数值"
            )
            if "increment" in limits and (limits["increment"] or 0) <= 0:
                yield "“increment”应大于 0。"
        if component.get("serializeToString"):
            yield "不支持把数字存成文字（serializeToString），流程里要按数字比较。请关闭。"
        if not isinstance((component.get("appearance") or {}).get("suffixAdorner") or "", str):
            yield "后缀应为文字，例如“元”。"
