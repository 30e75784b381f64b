"""The rows of a 指标表: the items of the checklist version that the case goes by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from forms.fields import GridItem
from supervision.inspection.checklist import Checklist, Item
from supervision.inspection.versions import checklist_of, version_in_force

VERSION = "checklist_version"
"""Variable that names the version; without it the one in force on the day of the cycle, or today."""


def grid_items(
    session: Session, data: Mapping[str, Any], properties: Mapping[str, str], today: date
) -> Sequence[GridItem]:
    """What a unit of the case's type is asked, each with what was said of it before (`beside`).

    Raises NotFound when no version is published.
    """
    found = checklist_of(session, str(data.get(VERSION) or version_in_force(session, _day(data) or today)))
    before = data.get(properties.get("beside", ""))
    rows = (
        {row.get("item_id"): row for row in before if isinstance(row, Mapping)}
        if isinstance(before, list)
        else {}
    )
    asked = found.asked(str(data.get("unit_type") or ""), properties.get("items", ""))
    return [_row(found, item, rows.get(item.id, {})) for item in asked]


def _row(checklist: Checklist, item: Item, before: Mapping[str, Any]) -> GridItem:
    group = next(group for group in checklist.groups if group.code == item.group)
    hint = f"评分：{item.scoring}。佐证：{item.evidence}。方式：{item.method}。适用：{item.applies}。"
    return GridItem(
        item.id,
        item.text,
        f"{group.name}（{group.points:f} 分）",
        hint,
        float(item.points),
        item.for_all,
        before,
    )


def _day(data: Mapping[str, Any]) -> date | None:
    try:
        return date.fromisoformat(str(data.get("cycle_on") or "")[:10])
    except ValueError:
        return None
