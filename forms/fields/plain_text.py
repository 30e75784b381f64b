"""What text fields share: cleaning what was typed and counting its length."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar

from marshmallow import ValidationError

from forms.fields.answer import Validator
from forms.fields.base import FieldType
from forms.fields.limits import lint_order, lint_whole, utf16_length, whole
from forms.fields.sources import FieldContext

_HALF = re.compile("[\ud800-\udfff]")
"""Half of a character that takes two units: no database keeps it."""
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class PlainText(FieldType):
    """Text of one or more lines. Lengths are UTF-16 units of the trimmed text, as form-js counts them."""

    empty = ""
    longest: ClassVar[int]
    """The cap that holds where the form file gives none."""

    def __init__(self, component: Mapping[str, Any]) -> None:
        super().__init__(component)
        self.at_least = whole(self.rules, "minLength")
        self.at_most = min(whole(self.rules, "maxLength") or self.longest, self.longest)

    def tidy(self, text: str) -> str:
        """The text with one kind of line end and without control characters, trimmed."""
        return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()

    def convert(self, value: Any, context: FieldContext) -> str:
        if value is None:
            return ""
        if not isinstance(value, str):
            raise ValidationError("此项应为文字，请重新填写。")
        if _HALF.search(value):
            raise ValidationError("含有无法保存的字符，请删去后重新输入。")
        return self.tidy(value)

    def validators(self, context: FieldContext) -> Sequence[Validator]:
        return (self.check_length,)

    def check_length(self, text: str) -> None:
        """Raises ValidationError outside the limits, with the present length."""
        length = utf16_length(text)
        if self.at_least is not None and length < self.at_least:
            raise ValidationError(f"至少 {self.at_least} 个字，现有 {length} 个字。请补充。")
        if length > self.at_most:
            raise ValidationError(f"最多 {self.at_most} 个字，现有 {length} 个字。请精简。")

    def context(self, value: Any, context: FieldContext) -> Mapping[str, Any]:
        return {"text": "" if value is None else str(value)}

    @classmethod
    def lint(cls, component: Mapping[str, Any]) -> Iterator[str]:
        rules = component.get("validate") or {}
        wrong = list(lint_whole(rules, "minLength", "maxLength"))
        yield from wrong
        if wrong:
            return
        least, most = whole(rules, "minLength"), whole(rules, "maxLength")
        yield from lint_order(least, most, "字数")
        if max(least or 0, most or 0) > cls.longest:
            yield f"{cls.label_zh}最多 {cls.longest} 个字。请把字数限制改到这以内。"
