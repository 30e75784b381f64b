"""勾选: one box, yes or no. A required one must be ticked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from marshmallow import ValidationError

from forms.fields.base import FieldType, Posted
from forms.fields.registry import register
from forms.fields.sources import FieldContext


@register("checkbox")
class Checkbox(FieldType):
    """`validate.required` or `properties.mustBe=true`: an acknowledgement that has to be given."""

    label_zh = "勾选"
    template = "fields/checkbox.html"
    empty = False
    required_message = "请勾选，表示已阅读并同意。"

    def __init__(self, component: Mapping[str, Any]) -> None:
        super().__init__(component)
        self.required = self.required or self.properties.get("mustBe") == "true"

    def convert(self, value: Any, context: FieldContext) -> bool:
        if value is None or value == "":
            return False
        if not isinstance(value, bool):
            raise ValidationError("此项只能勾选或不勾选，请重新选择。")
        return value

    def read(self, posted: Posted, name: str) -> bool:
        return name in posted

    def context(self, value: Any, context: FieldContext) -> Mapping[str, Any]:
        return {"checked": value is True}

    def shows(self, value: Any, context: FieldContext) -> str:
        return "是" if value is True else "否"

    @classmethod
    def lint(cls, component: Mapping[str, Any]) -> Iterator[str]:
        must = (component.get("properties") or {}).get("mustBe", "true")
        if must != "true":
            yield f"“mustBe”只能写 true，现在是“{must}”。"
