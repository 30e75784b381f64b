"""下拉选择: one of many options, in a list that opens."""

from __future__ import annotations

from forms.fields.choices import OneChoice
from forms.fields.registry import register


@register("select")
class Select(OneChoice):
    """Options from `values` or `properties.source`."""

    label_zh = "下拉选择"
    template = "fields/select.html"
