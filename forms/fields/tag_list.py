"""标签选择: any of many options; drawn as a list one scrolls, with the chosen ones ticked."""

from __future__ import annotations

from forms.fields.choices import ManyChoices
from forms.fields.registry import register


@register("taglist")
class TagList(ManyChoices):
    """Options from `values` or `properties.source`: units, persons, clauses."""

    label_zh = "标签选择"
    template = "fields/taglist.html"
