"""空白: room between parts of a form; its height is the stylesheet's."""

from __future__ import annotations

from forms.fields.base import FieldType
from forms.fields.registry import register


@register("spacer")
class Spacer(FieldType):
    """Takes no answer."""

    label_zh = "空白"
    template = "fields/spacer.html"
    is_answer = False
