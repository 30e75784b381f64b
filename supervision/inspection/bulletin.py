"""督查通报: ranking, problems and clues of an inspection, as pages and letters show them.

No person is named, nothing of a clue stands in the public text. Source: R7¶1; DOMAIN 8.3.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from supervision.inspection.checklist import Checklist
from supervision.inspection.table import UnitResult

SUSPECTED = ("严重问题", "涉嫌第八条情形", "涉嫌第九条情形")
"""Results of a finding that make it a clue. Source: DOMAIN Annex C, P0.gw_result."""
FINE = "未发现问题"
SHOWN = 200
"""Lines that a page shows of a list; the units' own pages have the rest."""


def problem_rows(checklist: Checklist, places: Sequence[UnitResult]) -> list[dict[str, str]]:
    """主要问题: unit, item of R6 and fact."""
    clauses = {group.code: group.clause for group in checklist.groups}
    found = []
    for row in places:
        for finding in row.findings:
            item = checklist.item(str(finding.get("item_id")))
            if item and finding.get("result") != FINE:
                found.append(
                    {"unit": row.unit_code, "unit_name": row.unit_name, "clause": clauses[item.group],
                     "item_id": item.id, "fact": str(finding.get("fact") or "")}
                )  # fmt: skip
    return found


def clue_rows(places: Sequence[UnitResult]) -> list[dict[str, Any]]:
    """问责线索: never part of the public text."""
    return [
        {"unit": row.unit_code, "unit_name": row.unit_name, "item_id": finding.get("item_id"),
         "grounds": list(finding.get("grounds") or ()), "fact": str(finding.get("fact") or ""),
         "staff": str(finding.get("staff") or "")}
        for row in places
        for finding in row.findings
        if finding.get("result") in SUSPECTED
    ]  # fmt: skip


def words(places: Sequence[UnitResult], checklist: Checklist) -> dict[str, str]:
    """ranking_words, problem_words and clue_words, a line each, as pages show them."""
    problems = [
        f"{row['unit_name']}：{row['fact']}（{row['clause']}，指标 {row['item_id']}）"
        for row in problem_rows(checklist, places)
    ]
    clues = [
        f"{row['unit_name']}：{row['fact']}（{'、'.join(row['grounds']) or '未写明条款'}）"
        for row in clue_rows(places)
    ]
    return {
        "ranking_words": "\n".join(ranking(checklist, places)),
        "problem_words": _shown(problems) or "没有发现问题。",
        "clue_words": _shown(clues) or "没有线索。",
    }


def ranking(checklist: Checklist, places: Sequence[UnitResult]) -> Iterator[str]:
    """A sentence per ranking, best first."""
    for group, rows in grouped(checklist, places).items():
        names = [f"{row.rank}. {row.unit_name} {row.total} 分（{row.grade}）" for row in rows]
        yield f"{group}：" + "；".join(names) + "。"


def grouped(checklist: Checklist, places: Sequence[UnitResult]) -> Mapping[str, list[UnitResult]]:
    """Name of a ranking → its units, in the order given."""
    found: dict[str, list[UnitResult]] = {}
    for row in places:
        found.setdefault(checklist.rank_of(row.unit_type), []).append(row)
    return found


def _shown(lines: Sequence[str]) -> str:
    more = [f"……共 {len(lines)} 条"] if len(lines) > SHOWN else []
    return "\n".join([*lines[:SHOWN], *more])
