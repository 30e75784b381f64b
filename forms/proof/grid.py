"""The days of a proof as month grids, Monday first: which were counted, which were not."""

from __future__ import annotations

import calendar as weeks
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

KINDS = {
    "counted": "计入", "makeup": "调休上班，计入", "rest": "休息日，不计入", "holiday": "放假，不计入",
    "paused": "中止，不计入", "edge": "起算日、到期日",
}  # fmt: skip
"""For the legend, in its order."""


@dataclass(frozen=True)
class Cell:
    """One day: `mark` is 起, 止, 法, 停, 休, 班 or ''; `number` is its place in the count, if it has one."""

    day: date
    kind: str
    mark: str
    number: int | None
    words: str
    """Of the proof: why it was counted or not."""
    warned: bool
    """Whether it is the warning day (黄灯)."""


@dataclass(frozen=True)
class Month:
    """`weeks` have seven cells each; None lies outside the month or the proof."""

    year: int
    number: int
    weeks: Sequence[Sequence[Cell | None]]
    counted: int


def months_of(proof: Mapping[str, Any]) -> list[Month]:
    """The months the proof's days lie in."""
    cells = {cell.day: cell for cell in _cells(proof)}
    months = sorted({(day.year, day.month) for day in cells})
    return [_month(cells, year, number) for year, number in months]


def _month(cells: Mapping[date, Cell], year: int, number: int) -> Month:
    rows = [
        [cells.get(day) if day.month == number else None for day in week]
        for week in weeks.Calendar().monthdatescalendar(year, number)
    ]
    counted = sum(cell.number is not None for row in rows for cell in row if cell)
    return Month(year, number, [row for row in rows if any(row)], counted)


def _cells(proof: Mapping[str, Any]) -> Iterator[Cell]:
    result, paused = proof["result"], paused_on(proof)
    for row in proof["days"]:
        kind, mark = _look(row, paused)
        if row["on"] == proof["start_on"]:
            kind, mark = "edge", "起"
        if row["on"] in (result["due_on"], result["legal_on"]):
            kind, mark = "edge", "止" if row["on"] == result["due_on"] else "法"
        yield Cell(
            date.fromisoformat(row["on"]),
            kind,
            mark,
            row["counted"],
            row["why"],
            row["on"] == result["amber_on"],
        )


def _look(row: Mapping[str, Any], paused: frozenset[str]) -> tuple[str, str]:
    if row["on"] in paused:
        return "paused", "停"
    if row["workday"]:
        makeup = date.fromisoformat(row["on"]).weekday() >= 5
        return ("makeup", "班") if makeup else ("counted" if row["counted"] else "plain", "")
    if row["counted"]:
        return "counted", ""
    return ("rest", "") if row["reason"] == "周末" else ("holiday", "休")


def paused_on(proof: Mapping[str, Any]) -> frozenset[str]:
    """The days of the proof, as ISO text, on which the period stood still."""
    spans = [(pause["begins_on"], pause["ends_on"]) for pause in proof["pauses"]]
    return frozenset(
        row["on"]
        for row in proof["days"]
        if any(begins_on < row["on"] <= ends_on for begins_on, ends_on in spans)
    )
