"""单选: one of a few options, all of them in sight."""

from __future__ import annotations

from forms.fields.choices import OneChoice
from forms.fields.registry import register


@register("radio")
class Radio(OneChoice):
    """Options from `values` or `properties.source`."""

    label_zh = "单选"
    template = "fields/radio.html"
