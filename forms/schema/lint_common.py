"""Checks that hold for every component of a form file: shape, words, key, properties."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterator, Mapping
from typing import Any

from forms.fields.base import FieldType
from forms.fields.container import Container
from forms.fields.sources import CASE_UNITS

_KEY = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,59}", re.ASCII)
_RESERVED = {"csrf_token", "Meta", "null", "true", "false"}

PROPERTIES = {
    "sealed", "source", "default", "maxFiles", "maxMB", "inputmode", "autocomplete", "minItems", "maxItems",
    "mustBe", "notBefore", "notAfter", "rows", "fixed", "requireIf", "requiredMessage",
    "grid", "items", "beside", "scored", "na", "either", "eitherIf",
    "role", "unit", "kind", "status", "process", "include",
}  # fmt: skip
"""Those the server knows; the line of `grid` is for 指标表, the last for sources, which narrow by it."""


def name_of(component: Mapping[str, Any]) -> str:
    """What a process owner finds the component by."""
    found = (component.get(part) for part in ("key", "path", "label", "id", "type"))
    return next((part for part in found if isinstance(part, str) and part), "")


def shape(component: Mapping[str, Any]) -> Iterator[str]:
    """Parts of the wrong JSON type, which nothing else could read."""
    for part in ("validate", "properties", "conditional", "appearance"):
        if not isinstance(component.get(part) or {}, dict):
            yield f"“{part}”的内容不是对象。请用表单编辑器重新保存。"
    rules = component.get("validate")
    for place, part in ((component, "readonly"), (component, "disabled"), (rules, "required")):
        if isinstance(place, dict) and not isinstance(place.get(part, False), bool):
            yield f"“{part}”只能是开或关，不能写表达式。"
    for part in ("key", "path", "label", "description", "subtype", "dateLabel", "timeLabel"):
        if not isinstance(component.get(part) or "", str):
            yield f"“{part}”应为文字。"


def words(component: Mapping[str, Any], own: type[FieldType]) -> Iterator[str]:
    """Labels that are missing or would have to be calculated."""
    for part in ("label", "description", "dateLabel", "timeLabel"):
        text = component.get(part) or ""
        if text.startswith("=") or "{{" in text:
            yield f"“{part}”不能含表达式或模板（{{{{ }}}}），请写成固定的文字。"
    labels = (component.get(part) for part in ("label", "dateLabel", "timeLabel"))
    if (own.is_answer or issubclass(own, Container)) and not any((text or "").strip() for text in labels):
        yield f"{own.label_zh}没有标签。请填写，否则办理人不知道填什么。"


def key(component: Mapping[str, Any], own: type[FieldType]) -> Iterator[str]:
    """Keys that cannot be a variable of the process."""
    part = "path" if issubclass(own, Container) else "key"
    value = component.get(part) or ""
    if not value:
        if own.is_answer:
            yield f"没有标识（{part}）。请填写，答案要按它存入案件。"
    elif own.is_answer or part == "path":
        if not _KEY.fullmatch(value):
            yield f"标识“{value}”不能用。请用英文字母开头，只含字母、数字和下划线，不超过 60 个字符。"
        elif keyword.iskeyword(value) or value in _RESERVED:
            yield f"标识“{value}”是保留字。请换一个。"


def properties(component: Mapping[str, Any]) -> Iterator[str]:
    """Properties nobody reads: a misspelt `sealed` would let a name into the process."""
    for name, value in (component.get("properties") or {}).items():
        if name not in PROPERTIES:
            yield f"不认识的属性“{name}”。可用的属性：{'、'.join(sorted(PROPERTIES))}。"
        elif not isinstance(value, str):
            yield f"属性“{name}”的值应为文字。"
        elif name == "sealed" and value != "identity":
            yield f"“sealed”只能写 identity，现在是“{value}”。"
        elif name == "unit" and value not in CASE_UNITS:
            words = "、".join(f"{code}（{label}）" for code, label in CASE_UNITS.items())
            yield f"“unit”应为 {words}，现在是“{value}”。"


def in_row(component: Mapping[str, Any], *, fixed: bool) -> Iterator[str]:
    """What does not work within the rows of a list; `fixed`: its rows are given."""
    if component.get("type") in ("dynamiclist", "filepicker", "table"):
        yield "列表里不能再放列表或附件。请移到列表外面。"
    if (component.get("conditional") or {}).get("hide"):
        yield "列表里的项目不能设显示条件。请把条件设在整个列表上。"
    if (component.get("properties") or {}).get("sealed"):
        yield "列表里的项目不能单独封存。请把 sealed 设在整个列表上。"
    if not fixed and (component.get("readonly") or component.get("disabled")):
        yield "列表里的项目不能只读。请改成可填写，或移到列表外面。"


def in_grid(component: Mapping[str, Any]) -> Iterator[str]:
    """What does not work within the rows of a 指标表: it may have files, conditions and read-only fields."""
    if component.get("type") in ("dynamiclist", "group"):
        yield "指标表里不能再放列表或分组。请移到指标表外面。"
    if (component.get("properties") or {}).get("sealed"):
        yield "指标表里的项目不能封存：它要由检查人核对。"
