"""附件: files that are stored already; the answer is the list of their ids.

New files are judged by `forms/uploads`, stored by the page, and their ids put among the answers
before the form is checked, so that nothing uploaded is lost when another field is wrong.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from marshmallow import ValidationError

from forms.fields.answer import Validator
from forms.fields.base import FieldType, Posted
from forms.fields.file_kind import extensions_of, words_for
from forms.fields.limits import lint_whole, whole
from forms.fields.registry import register
from forms.fields.sources import FieldContext

DROP = "_drop"
"""Name of the boxes that take a stored file away again; the value is its id."""


@register("filepicker")
class FilePicker(FieldType):
    """`accept`, `multiple`; `properties.maxFiles` (1, or 5 with multiple), `properties.maxMB` (10)."""

    label_zh = "附件"
    template = "fields/filepicker.html"
    empty: Any = []  # noqa: RUF012 (copied by Answer, never changed)
    required_message = "请上传文件。"

    def __init__(self, component: Mapping[str, Any]) -> None:
        super().__init__(component)
        self.extensions, _ = extensions_of(component.get("accept") or "")
        self.multiple = component.get("multiple") is True or (whole(self.properties, "maxFiles") or 1) > 1
        self.max_files = whole(self.properties, "maxFiles") or (5 if self.multiple else 1)
        self.max_mb = whole(self.properties, "maxMB") or 10

    @property
    def limits_zh(self) -> str:
        """The limits in words."""
        return f"{words_for(self.extensions)}，最多 {self.max_files} 个，每个不超过 {self.max_mb} MB。"

    def convert(self, value: Any, context: FieldContext) -> list[str]:
        if value is None or value == "":
            return []
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise ValidationError("附件信息无效，请重新上传。")
        ids = list(dict.fromkeys(value))
        known = {ref.id for ref in context.sources.files(ids)}
        if any(item not in known for item in ids):
            raise ValidationError("附件已不存在，请重新上传。")
        return ids

    def validators(self, context: FieldContext) -> Sequence[Validator]:
        return (self.check_count,)

    def check_count(self, ids: list[str]) -> None:
        """Raises ValidationError for too many files."""
        if len(ids) > self.max_files:
            raise ValidationError(f"最多 {self.max_files} 个文件，现有 {len(ids)} 个。请删去多余的。")

    def read(self, posted: Posted, name: str) -> list[str]:
        dropped = set(posted.getlist(DROP))
        return [item for item in posted.getlist(name) if item and item not in dropped]

    def context(self, value: Any, context: FieldContext) -> Mapping[str, Any]:
        ids = [item for item in value if isinstance(item, str)] if isinstance(value, list) else []
        return {
            "attached": context.sources.files(ids) if ids else (),
            "accept": ",".join(f".{extension}" for extension in self.extensions),
            "drop": DROP,
        }

    def shows(self, value: Any, context: FieldContext) -> str:
        return "、".join(ref.filename for ref in self.context(value, context)["attached"])

    @classmethod
    def lint(cls, component: Mapping[str, Any]) -> Iterator[str]:
        accept = component.get("accept") or ""
        if not isinstance(accept, str) or accept.startswith("="):
            yield "“accept”应为文件类型，例如 .jpg,.pdf，不能是表达式。"
        elif unknown := extensions_of(accept)[1]:
            yield f"不支持的文件类型：{'、'.join(unknown)}。可用：{words_for(extensions_of('')[0])}。"
        if not isinstance(component.get("multiple", False), bool):
            yield "“multiple”只能是开或关，不能是表达式。"
        yield from lint_whole(component.get("properties") or {}, "maxFiles", "maxMB")
