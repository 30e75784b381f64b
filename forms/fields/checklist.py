"""多选: any of a few options, all of them in sight."""

from __future__ import annotations

from forms.fields.choices import ManyChoices
from forms.fields.registry import register


@register("checklist")
class Checklist(ManyChoices):
    """Options from `values` or `properties.source`."""

    label_zh = "多选"
    template = "fields/checklist.html"
