"""A proof in facts and lines, for the case page and for paper: everything in it, folded to what matters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from engine.deadline.citation import REGULATION, own_clauses
from engine.deadline.citation import in_words as cited
from engine.deadline.course import course_of
from engine.deadline.course_words import extensions_in_words, pauses_in_words, restarts_in_words
from engine.deadline.shanghai import day_in_words
from engine.deadline.verify import pauses_of
from forms.proof.grid import KINDS, Month, months_of, paused_on

LEVELS = {"L1": "黄灯（预警）", "L2": "红灯（逾期）", "L3": "三级督办", "L4": "四级督办"}
STATES = {"running": "运行中", "suspended": "已中止", "finished": "已办结", "cancelled": "已取消"}


@dataclass(frozen=True)
class Line:
    """Days in a row that share a reason, ``2026-02-15（周日）至 02-23（周一）``, 9 of them."""

    days: str
    count: int
    why: str
    counted: bool


@dataclass(frozen=True)
class Sheet:
    """One proof. `export` is what the file holds; the rest says the same in words."""

    export: Mapping[str, Any]
    facts: Sequence[tuple[str, str]]
    clauses: Sequence[tuple[str, str]]
    """Clauses of the regulation that the rule rests on: (its place in words, its text)."""
    moved: Sequence[str]
    """Restarts, extensions and pauses, a sentence each."""
    lines: Sequence[Line]
    plain: str
    """What holds for all the days that no line is about."""
    months: Sequence[Month]
    result: Sequence[tuple[str, str]]

    @property
    def proof(self) -> Mapping[str, Any]:
        return self.export["proof"]

    @property
    def about(self) -> Mapping[str, Any]:
        return self.proof.get("about", {})

    @property
    def counted(self) -> int:
        """How many days were counted."""
        return sum(row["counted"] is not None for row in self.proof["days"])

    @property
    def legend(self) -> Mapping[str, str]:
        """Kinds of days that occur in the grids, in words."""
        there = {cell.kind for month in self.months for week in month.weeks for cell in week if cell}
        return {kind: words for kind, words in KINDS.items() if kind in there}

    @property
    def state(self) -> str:
        return STATES.get(self.about.get("status", ""), "")


def sheet_of(export: Mapping[str, Any], clauses: Mapping[str, str]) -> Sheet:
    """`clauses` are the regulation's by code (``R7¶2``), word for word."""
    proof = export["proof"]
    return Sheet(
        export=export,
        facts=list(_facts(proof)),
        clauses=[
            (cited(code, ()).removeprefix(REGULATION), clauses[code])
            for code in own_clauses(proof["rule"]["reference"])
            if code in clauses
        ],
        moved=list(_moved(proof)),
        lines=list(_lines(proof)),
        plain=_PLAIN[proof["rule"]["unit"]],
        months=months_of(proof),
        result=list(_result(proof)),
    )


_PLAIN = {
    "wd": "其余工作日逐日计入，其余周末不计入。",
    "cd": "其余各日逐日计入，休息日也计入。",
    "month": "其余各日逐日计入，休息日也计入。",
    "date": "固定日期不逐日计数。",
}


def _facts(proof: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield "起算事件", f"{proof['start_event']}，{_day(proof['start_on'])}"
    yield "期限", proof["length"]
    yield "依据", proof["origin"]
    yield "规则版本", f"{proof['key']}，{proof['rule_version'][:12]}"
    for year in proof["calendar"]:
        yield f"{year['year']} 年日历", year["source"]
    yield "日历版本", proof["calendar_version"][:12]


def _moved(proof: Mapping[str, Any]) -> Iterator[str]:
    course, unit = course_of(proof), proof["rule"]["unit"]
    yield from restarts_in_words(course)
    yield from extensions_in_words(course, proof["extended_by"], unit)
    yield from pauses_in_words(pauses_of(proof), course, unit)


def _result(proof: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    result = proof["result"]
    yield "到期日", _day(result["due_on"]) + ("（暂定）" if result["provisional"] else "")
    if result["legal_on"] != result["due_on"]:
        yield "法定期限日", _day(result["legal_on"])
    yield "届满", f"{_day(result['legal_on'])}24:00"
    for level, day in result["levels"].items():
        yield LEVELS[level], _day(day)


def _lines(proof: Mapping[str, Any]) -> Iterator[Line]:
    """What is not plain, neighbours with one reason together."""
    paused, unit, due_on = paused_on(proof), proof["rule"]["unit"], proof["result"]["due_on"]
    told = (
        (row, f"{row['why']}，期满" if row["on"] == due_on and row["counted"] else _told(row, paused, unit))
        for row in proof["days"]
    )
    for why, group in groupby(told, key=lambda pair: pair[1]):
        rows = [row for row, _ in group]
        if why:
            yield Line(_span(rows[0]["on"], rows[-1]["on"]), len(rows), why, rows[0]["counted"] is not None)


def _told(row: Mapping[str, Any], paused: frozenset[str], unit: str) -> str:
    """Why a day is what it is, '' where `Sheet.plain` says so."""
    why = str(row["why"])
    if row["on"] in paused:
        return why
    if row["counted"] is not None:
        if unit == "wd" and row["reason"] != "工作日":
            return f"{row['reason']}，{why}"
        return "" if why == f"计入第 {row['counted']} 日" else why
    return "" if why in ("周末，不计入", "固定日期，不逐日计数") else why


def _span(first: str, last: str) -> str:
    if first == last:
        return _day(first)
    return f"{_day(first)}至 {_day(last)[0 if first[:4] != last[:4] else 5 :]}"


def _day(iso: str) -> str:
    return day_in_words(date.fromisoformat(iso))
