"""分隔线: a line between parts of a form."""

from __future__ import annotations

from forms.fields.base import FieldType
from forms.fields.registry import register


@register("separator")
class Separator(FieldType):
    """Takes no answer."""

    label_zh = "分隔线"
    template = "fields/separator.html"
    is_answer = False
