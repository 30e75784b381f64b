"""单选: one of a few options, all of them in sight."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from forms.fields.base import Posted
from forms.fields.choices import OneChoice
from forms.fields.registry import register
from forms.fields.sources import FieldContext

_WORDS = {"true": True, "false": False}


@register("radio")
class Radio(OneChoice):
    """`properties.type=boolean` with the values ``true`` and ``false``: a yes or no that has to be said.

    The answer is then a JSON boolean, so that a condition reads ``rectify`` and not ``rectify == 'true'``.
    """

    label_zh = "单选"
    template = "fields/radio.html"

    def __init__(self, component: Mapping[str, Any]) -> None:
        super().__init__(component)
        self.boolean = self.properties.get("type") == "boolean"

    def convert(self, value: Any, context: FieldContext) -> Any:
        if self.boolean and isinstance(value, bool):
            return value
        word = super().convert(value, context)
        return _WORDS[word] if self.boolean and word else word

    def read(self, posted: Posted, name: str) -> Any:
        word = super().read(posted, name)
        return _WORDS.get(word, word) if self.boolean else word

    def context(self, value: Any, context: FieldContext) -> Mapping[str, Any]:
        return super().context(_word(value) if self.boolean else value, context)

    def shows(self, value: Any, context: FieldContext) -> str:
        return super().shows(_word(value) if self.boolean else value, context)

    @classmethod
    def lint(cls, component: Mapping[str, Any]) -> Iterator[str]:
        problems = list(super().lint(component))
        yield from problems
        kind = (component.get("properties") or {}).get("type")
        if kind not in (None, "boolean"):
            yield f"“type”只能写 boolean，现在是“{kind}”。"
        elif (
            kind and not problems and {item["value"] for item in component.get("values") or ()} != set(_WORDS)
        ):
            yield "“type=boolean”的单选只能有两个选项，值为 true 和 false。"


def _word(value: Any) -> Any:
    return str(value).lower() if isinstance(value, bool) else value
