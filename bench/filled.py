"""Fills a form in: every field that a person may answer gets an answer of a usual length.

What the story of a bench needs said otherwise is in `said`, by key, and wins everywhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from engine.deadline.shanghai import SHANGHAI
from forms.fields import GridItem, Sources
from forms.schema import FormFile

LINE = "经逐项核对，情况属实。"
PARAGRAPH = "已按要求落实，有关制度、台账和公开记录齐全，佐证材料附后，可以在网站专栏查阅。"
ADDRESS = "https://www.yunxi.example/zwgk/1.html"
FILE = "附件.pdf"
"""Only where one is required; it has a few bytes."""
ROWS = 2
"""Of a list without rows of its own."""


def filled(form: FormFile, sources: Sources, said: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """Raw answers by key; fields that the case fills in beforehand are left to it."""
    components = [field.component for field in form.components]
    return dict(_answers(components, sources, said, now))


def _answers(
    components: Sequence[Mapping[str, Any]], sources: Sources, said: Mapping[str, Any], now: datetime
) -> Iterator[tuple[str, Any]]:
    for component in components:
        key = str(component.get("path") or component.get("key") or "")
        if component.get("readonly"):
            continue
        if key in said:
            yield key, said[key]
        elif component.get("type") == "dynamiclist":
            yield key, _rows(component, sources, said, now)
        elif component.get("components"):
            yield from _answers(component["components"], sources, said, now)
        elif key and not _properties(component).get("default"):
            value = _value(component, sources, now)
            if value is not None:
                yield key, value


def _rows(
    component: Mapping[str, Any], sources: Sources, said: Mapping[str, Any], now: datetime
) -> list[dict[str, Any]]:
    properties, children = _properties(component), component["components"]
    if not properties.get("grid"):
        return [dict(_answers(children, sources, said, now)) for _ in range(ROWS)]
    if all(child.get("readonly") for child in children):
        return []
    return [
        {"item_id": item.id, **dict(_scored(item, properties, children, sources, said, now))}
        for item in sources.grid(properties)
    ]


def _scored(
    item: GridItem,
    properties: Mapping[str, str],
    children: Sequence[Mapping[str, Any]],
    sources: Sources,
    said: Mapping[str, Any],
    now: datetime,
) -> Iterator[tuple[str, Any]]:
    for key, value in _answers(children, sources, said, now):
        if key == properties.get("scored"):
            yield key, item.points
        elif not isinstance(value, bool):  # nothing is said not to apply
            yield key, value


def _value(component: Mapping[str, Any], sources: Sources, now: datetime) -> Any:
    kind, rules, key = component.get("type"), component.get("validate") or {}, str(component.get("key"))
    if kind in ("textfield", "textarea"):
        text = ADDRESS if "url" in key else LINE if kind == "textfield" else PARAGRAPH
        return text[: int(rules.get("maxLength") or len(text))]
    if kind == "number":
        return rules.get("min") or 0
    if kind in ("radio", "select", "checklist", "taglist"):
        return _choice(component, sources)
    if kind == "datetime":
        local = now.astimezone(SHANGHAI)
        day = component.get("subtype") == "date"
        return local.date().isoformat() if day else local.strftime("%Y-%m-%dT%H:%M")
    if kind == "filepicker" and rules.get("required"):
        return [FILE]
    return False if kind == "checkbox" else None


def _choice(component: Mapping[str, Any], sources: Sources) -> Any:
    properties = _properties(component)
    if source := properties.get("source"):
        offered = [option.value for option in sources.options(source, properties)]
    else:
        offered = [entry["value"] for entry in component.get("values") or ()]
    if not offered:
        return None
    return offered[:2] if component.get("type") in ("checklist", "taglist") else offered[0]


def _properties(component: Mapping[str, Any]) -> Mapping[str, str]:
    return component.get("properties") or {}
