"""Reads the rows of a 自查表: scores, problems, what a sample found. Pure: no session, no clock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from supervision.inspection.checklist import Checklist
from supervision.inspection.record import number
from supervision.inspection.score import Scores, normalised, rounded

NOT_APPLICABLE = "不适用"
SHORT = ("部分落实", "未落实")
MISMATCH = "不符"
NOTICE = ("no", "date", "scope")
"""Variables inner_notice_no, inner_notice_date, inner_notice_scope. Source: RQ-21."""

Row = Mapping[str, Any]


def rows_of(value: Any) -> list[Row]:
    """The rows of a list in a form's answer."""
    return [row for row in value if isinstance(row, Mapping)] if isinstance(value, list) else []


def scores_of(items: Sequence[Row]) -> dict[str, Decimal | None]:
    """Item → what the unit gave itself; None where the item does not apply to it."""
    return {
        str(row.get("item_id")): None if row.get("done") == NOT_APPLICABLE else number(row.get("self_score"))
        for row in items
    }


def checked(own: Scores, samples: Sequence[Row]) -> dict[str, Decimal | None]:
    """The unit's scores with those that a sample (抽查) set right."""
    found = {
        str(row.get("item_id")): number(row.get("verified_score"))
        for row in samples
        if number(row.get("verified_score")) is not None
    }
    return {**own, **{item: score for item, score in found.items() if own.get(item) is not None}}


def total(checklist: Checklist, scores: Scores) -> float | None:
    """Of 100, to one decimal; None where nothing applies."""
    if all(score is None for score in scores.values()):
        return None
    return float(rounded(normalised(checklist, scores)))


def problems_of(items: Sequence[Row]) -> list[dict[str, str]]:
    """What the unit says is not put right yet."""
    return [
        {name: str(row.get(name) or "") for name in ("item_id", "problem", "fix_plan", "fix_due")}
        for row in items
        if row.get("done") in SHORT
    ]


def mismatches_of(samples: Sequence[Row]) -> list[dict[str, str]]:
    """What a sample found otherwise than reported."""
    return [
        {"item_id": str(row.get("item_id") or ""), "fact": str(row.get("fact") or "")}
        for row in samples
        if row.get("spot_result") == MISMATCH
    ]


def to_rectify(checklist: Checklist, problems: Sequence[Row]) -> list[dict[str, str]]:
    """One 整改事项 per problem: fact, clause, requirement, and the day the unit set itself ('' for none)."""
    found = []
    for row in problems:
        item = checklist.item(str(row.get("item_id")))
        group = next((group for group in checklist.groups if item and group.code == item.group), None)
        found.append(
            {
                "fact": f"{row.get('item_id')} {row.get('problem')}".strip(),
                "clause": group.clause if group else "R6",
                "requirement": str(row.get("fix_plan") or "按自查所列问题整改到位。"),
                "due": str(row.get("fix_due") or "")[:10],
            }
        )
    return found


def last_rows(problems: Sequence[Row]) -> list[dict[str, Any]]:
    """What was not put right half a year ago, as a 自查表 shows it beside each item."""
    return [
        {
            "item_id": row.get("item_id"),
            "last_problem": row.get("problem"),
            "last_fix_due": row.get("fix_due"),
        }
        for row in problems
    ]
