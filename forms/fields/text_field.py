"""单行文本: one line of text, with an own pattern or the form of an e-mail address."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from marshmallow import ValidationError

from forms.fields.answer import Validator
from forms.fields.pattern import problem_of
from forms.fields.plain_text import PlainText
from forms.fields.registry import register
from forms.fields.sources import FieldContext

LONGEST_WITH_PATTERN = 200
"""Keeps the work of a pattern within what `pattern.problem_of` reckons with."""

# the pattern of form-js 1.x, so that browser and server agree
_EMAIL = re.compile(
    r"[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]+"
    r"@[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
    r"(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*"
)


@register("textfield")
class TextField(PlainText):
    """`validate`: required, minLength, maxLength, pattern with patternErrorMessage, validationType email."""

    label_zh = "单行文本"
    template = "fields/textfield.html"
    longest = 1000

    def __init__(self, component: Mapping[str, Any]) -> None:
        super().__init__(component)
        source = self.rules.get("pattern")
        self.pattern = re.compile(source, re.ASCII) if source else None
        if self.pattern:
            self.at_most = min(self.at_most, LONGEST_WITH_PATTERN)

    def tidy(self, text: str) -> str:
        return " ".join(super().tidy(text).splitlines())

    def validators(self, context: FieldContext) -> Sequence[Validator]:
        return (self.check_length, self.check_form)

    def check_form(self, text: str) -> None:
        """Raises ValidationError when the text has not the wanted form."""
        if len(text) > self.at_most:
            return  # said by check_length; a long text must not reach the pattern
        if self.pattern and not self.pattern.search(text):
            raise ValidationError(self.rules.get("patternErrorMessage") or "格式不符合要求，请按提示填写。")
        if self.rules.get("validationType") == "email" and not _EMAIL.fullmatch(text):
            raise ValidationError("请填写有效的电子邮箱，例如 name@example.cn。")

    @classmethod
    def lint(cls, component: Mapping[str, Any]) -> Iterator[str]:
        yield from super().lint(component)
        rules = component.get("validate") or {}
        kind = rules.get("validationType") or ""
        if kind == "phone":
            yield "“电话”校验只认 +86 开头的国际格式，国内号码会被拒。请改用“自定义”并写正则。"
        elif kind not in ("", "custom", "email"):
            yield f"不认识的校验方式“{kind}”。请用“自定义”或“电子邮箱”。"
        message = rules.get("patternErrorMessage") or ""
        if not isinstance(message, str):
            yield "正则的提示应为文字。"
        source = rules.get("pattern") or ""
        if reason := problem_of(source) if isinstance(source, str) else "应为文字":
            yield f"正则不能用：{reason}。"
