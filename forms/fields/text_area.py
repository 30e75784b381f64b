"""多行文本: text of several lines."""

from __future__ import annotations

from forms.fields.plain_text import PlainText
from forms.fields.registry import register


@register("textarea")
class TextArea(PlainText):
    """`validate`: required, minLength, maxLength."""

    label_zh = "多行文本"
    template = "fields/textarea.html"
    longest = 20000
