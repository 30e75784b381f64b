"""督查通报: its ranking, problem and clue rows, and the text that fills its skeleton.

No person is named, nothing of a clue stands in the public text. Source: R7¶1; DOMAIN 8.3.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from supervision.inspection.checklist import Checklist
from supervision.inspection.record import results, scores_of
from supervision.inspection.table import Inspection, UnitResult

SUSPECTED = ("严重问题", "涉嫌第八条情形", "涉嫌第九条情形")
"""Results of a finding that make it a clue. Source: DOMAIN Annex C, P0.gw_result."""
FINE = "未发现问题"


def ranking_rows(checklist: Checklist, places: Sequence[UnitResult]) -> list[dict[str, Any]]:
    """得分排名: one row per unit, each ranking best first."""
    return [
        {
            "group": checklist.rank_of(row.unit_type), "rank": row.rank, "unit": row.unit_code,
            "unit_name": row.unit_name, "score": row.total, "grade": row.grade,
            "vetoes": row.vetoes, "inflated": row.inflated,
        }
        for row in places
    ]  # fmt: skip


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
         "grounds": list(finding.get("grounds") or ()), "fact": str(finding.get("fact") or "")}
        for row in places
        for finding in row.findings
        if finding.get("result") in SUSPECTED
    ]  # fmt: skip


def words(places: Sequence[UnitResult], checklist: Checklist) -> dict[str, str]:
    """The same three, as pages show them: a line each."""
    clues = [
        f"{row['unit_name']}：{row['fact']}（{'、'.join(row['grounds']) or '未写明条款'}）"
        for row in clue_rows(places)
    ]
    return {
        "ranking_words": "\n".join(_ranking(ranking_rows(checklist, places))),
        "problem_words": "\n".join(_problems(problem_rows(checklist, places))) or "没有发现问题。",
        "clue_words": "\n".join(clues) or "没有线索。",
    }


def bulletin_text(
    session: Session, checklist: Checklist, inspection: Inspection, data: Mapping[str, Any]
) -> str:
    """一至八: what the year's data say; the rest is left to who drafts it."""
    ranking = [row for row in data.get("ranking") or [] if isinstance(row, Mapping)]
    parts = [
        f"一、总体情况\n{inspection.year} 年全区性检查评定 {len(ranking)} 个单位。"
        f"{data.get('units_words') or ''}",
        "二、得分与排名\n" + "\n".join(_ranking(ranking)),
        "三、分项情况\n" + "\n".join(_groups(session, checklist, inspection)),
        "四、主要问题\n" + ("\n".join(_problems(data.get("problems") or [])) or "没有发现问题。"),
        "五、下一步要求与整改时限\n对照所列问题，在规定期限内整改并报告。",
    ]
    return "\n\n".join(parts)


def _ranking(rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for group in dict.fromkeys(str(row["group"]) for row in rows):
        names = [
            f"{row['rank']}. {row['unit_name']} {row['score']} 分（{row['grade']}）"
            for row in rows
            if row["group"] == group
        ]
        yield f"{group}：" + "；".join(names) + "。"


def _problems(rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for row in rows:
        yield f"{row['unit_name']}：{row['fact']}（{row['clause']}，指标 {row['item_id']}）"


def _groups(session: Session, checklist: Checklist, inspection: Inspection) -> Iterator[str]:
    rates: dict[str, list[tuple[float, str]]] = {}
    for result in results(session, inspection.instance_id):
        scores = scores_of(session, result.child_id)
        for group in checklist.groups:
            asked = [item for item in checklist.items if item.group == group.code]
            items = [item for item in asked if scores.get(item.id) is not None]
            possible = sum(item.points for item in items)
            if possible:
                got = sum(scores[item.id] or 0 for item in items)
                rates.setdefault(group.code, []).append((float(got / possible * 100), result.unit_name))
    for group in checklist.groups:
        if known := rates.get(group.code):
            average = sum(rate for rate, _ in known) / len(known)
            best, worst = max(known)[1], min(known)[1]
            yield f"{group.name}：平均得分率 {average:.1f}%，最好 {best}，最差 {worst}。"
