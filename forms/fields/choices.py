"""What all fields with options share: where the options come from, and whether an answer is one of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from marshmallow import ValidationError

from forms.fields.answer import Validator
from forms.fields.base import FieldType, Posted
from forms.fields.limits import lint_order, lint_whole, whole
from forms.fields.sources import SOURCES, FieldContext, Option

_YES_NO = {"true": True, "false": False}
NOT_AN_OPTION = "所选内容不在可选范围内，请重新选择。"


class Choices(FieldType):
    """Options of the form file (`values`), followed by those of `properties.source`."""

    required_message = "此项必选，请选择。"

    def __init__(self, component: Mapping[str, Any]) -> None:
        super().__init__(component)
        self.fixed = tuple(Option(item["value"], item["label"]) for item in component.get("values") or ())
        self.source: str = self.properties.get("source", "")

    def options(self, context: FieldContext) -> Sequence[Option]:
        """All options, in order."""
        if not self.source:
            return self.fixed
        return (*self.fixed, *context.sources.options(self.source, self.properties))

    def label_of(self, value: Any, context: FieldContext) -> str:
        """The label of a value; the value itself when it is no option any more."""
        return next((item.label for item in self.options(context) if item.value == value), str(value))

    @classmethod
    def lint(cls, component: Mapping[str, Any]) -> Iterator[str]:
        source = (component.get("properties") or {}).get("source")
        if source is not None and source not in SOURCES:
            yield f"不认识的选项来源“{source}”。可用的来源：{'、'.join(SOURCES)}。"
        for key in ("valuesExpression", "valuesKey"):
            if key in component:
                yield f"不支持动态选项（{key}）。请改用固定选项，或用属性 source 指定来源。"
        yield from _lint_values(component.get("values"), source is not None)


def _lint_values(values: Any, may_be_empty: bool) -> Iterator[str]:
    if not values:
        if not may_be_empty:
            yield "没有选项。请至少填写一个，或用属性 source 指定来源。"
        return
    if not isinstance(values, list) or not all(_is_option(item) for item in values):
        yield "每个选项都要有文字的“值”和“标签”，且不能为空、不能是表达式。"
        return
    seen = [item["value"] for item in values]
    for value in sorted({value for value in seen if seen.count(value) > 1}):
        yield f"选项的值“{value}”重复。请改成不同的值。"


def _is_option(item: Any) -> bool:
    return isinstance(item, dict) and all(
        isinstance(item.get(part), str) and item[part].strip() and not item[part].startswith("=")
        for part in ("value", "label")
    )


class OneChoice(Choices):
    """One option or none; the answer is its value.

    The two values ``true`` and ``false`` make a yes or no that has to be said: the answer is then a JSON
    boolean, so that a flow's condition reads ``rectify``. In `conditional.hide` it is the word, because
    that is what the browser sees.
    """

    def __init__(self, component: Mapping[str, Any]) -> None:
        super().__init__(component)
        self.boolean = not self.source and {item.value for item in self.fixed} == set(_YES_NO)

    def convert(self, value: Any, context: FieldContext) -> Any:
        word = self.in_condition(value)
        if word is None:
            return None
        if not isinstance(word, str) or all(item.value != word for item in self.options(context)):
            raise ValidationError(NOT_AN_OPTION)
        return _YES_NO[word] if self.boolean else word

    def read(self, posted: Posted, name: str) -> Any:
        return posted.get(name) or None

    def in_condition(self, value: Any) -> Any:
        return str(value).lower() if self.boolean and isinstance(value, bool) else super().in_condition(value)

    def context(self, value: Any, context: FieldContext) -> Mapping[str, Any]:
        options = self.options(context)
        return {"options": options, "groups": grouped(options), "chosen": self.in_condition(value)}

    def shows(self, value: Any, context: FieldContext) -> str:
        word = self.in_condition(value)
        return "" if word is None else self.label_of(word, context)


class ManyChoices(Choices):
    """Any number of options; the answer is the list of values. `properties.minItems`, `maxItems` limit it."""

    empty: Any = []  # noqa: RUF012 (copied by Answer, never changed)

    def __init__(self, component: Mapping[str, Any]) -> None:
        super().__init__(component)
        self.at_least, self.at_most = whole(self.properties, "minItems"), whole(self.properties, "maxItems")
        self.required = self.required or bool(self.at_least)

    def convert(self, value: Any, context: FieldContext) -> list[str]:
        if value is None or value == "":
            return []
        known = {item.value for item in self.options(context)}
        if not isinstance(value, list) or not all(isinstance(item, str) and item in known for item in value):
            raise ValidationError(NOT_AN_OPTION)
        return list(dict.fromkeys(value))

    def validators(self, context: FieldContext) -> Sequence[Validator]:
        return (self.check_count,)

    def check_count(self, values: list[str]) -> None:
        """Raises ValidationError for too few or too many."""
        if self.at_least is not None and len(values) < self.at_least:
            raise ValidationError(f"至少选 {self.at_least} 项，现选 {len(values)} 项。")
        if self.at_most is not None and len(values) > self.at_most:
            raise ValidationError(f"最多选 {self.at_most} 项，现选 {len(values)} 项。")

    def read(self, posted: Posted, name: str) -> list[str]:
        return [value for value in posted.getlist(name) if value]

    def context(self, value: Any, context: FieldContext) -> Mapping[str, Any]:
        options = self.options(context)
        chosen = value if isinstance(value, list) else []
        return {"options": options, "groups": grouped(options), "chosen": chosen}

    def shows(self, value: Any, context: FieldContext) -> str:
        values = value if isinstance(value, list) else [] if value is None else [value]
        return "、".join(self.label_of(item, context) for item in values)

    @classmethod
    def lint(cls, component: Mapping[str, Any]) -> Iterator[str]:
        yield from super().lint(component)
        properties = component.get("properties") or {}
        wrong = list(lint_whole(properties, "minItems", "maxItems"))
        yield from wrong
        if not wrong:
            yield from lint_order(whole(properties, "minItems"), whole(properties, "maxItems"), "选择项数")


def grouped(options: Sequence[Option]) -> list[tuple[str, list[Option]]]:
    """(group name, its options) in the given order; options without a group have the name ``''``."""
    return [(name, list(items)) for name, items in groupby(options, key=lambda option: option.group)]
