"""What fills the parts of the 年度督查通报: the year's figures, never a person's name. Source: DOMAIN 8.3."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.deadline.citation import place_of
from engine.store.tables import Deadline, FanOut, FanOutMember, Instance
from supervision.inspection.bulletin import grouped, problem_rows
from supervision.inspection.checklist import Checklist
from supervision.inspection.record import all_scores
from supervision.inspection.skeleton import Section
from supervision.inspection.table import UnitResult
from supervision.statistics.figure import Period
from supervision.statistics.measures import MEASURES, value

TYPICAL = 3
"""Items that a group's line names as typical problems."""


@dataclass(frozen=True)
class Year:
    """All that the parts are made of; `data` are the process's variables."""

    session: Session
    checklist: Checklist
    inspection_id: str
    places: Sequence[UnitResult]
    period: Period
    data: Mapping[str, Any]


def text_of(year: Year, skeleton: Sequence[Section]) -> str:
    """The whole text, a heading and its lines for each part."""
    parts = []
    for part in skeleton:
        lines = [line for line in _FILLERS[part.holds](year) if line]
        parts.append("\n".join(line for line in (part.title, part.intro, *lines) if line))
    return "\n\n".join(parts)


def _overview(year: Year) -> Iterator[str]:
    data, silent = year.data, sum(row.silent for row in year.places)
    methods = "、".join(map(str, data.get("methods") or ()))
    told = data.get("units_words") or ""
    yield f"{year.period.since.year} 年全区性检查评定 {len(year.places)} 个单位。{told}"
    yield f"检查方式：{methods}。" if methods else ""
    yield f"{silent} 个单位没有按期报送自评材料，检查照常进行。" if silent else ""


def _ranking(year: Year) -> Iterator[str]:
    for group, rows in grouped(year.checklist, year.places).items():
        graded = {
            grade.name: [row.unit_name for row in rows if row.grade == grade.name]
            for grade in year.checklist.grades
        }
        yield (
            f"{group}：" + "；".join(f"{name} {'、'.join(who)}" for name, who in graded.items() if who) + "。"
        )


def _groups(year: Year) -> Iterator[str]:
    rates: dict[str, list[tuple[float, str]]] = {}
    scores = all_scores(year.session, year.inspection_id)
    for row in year.places:
        own = scores.get(row.child_id, {})
        for group in year.checklist.groups:
            items = [i for i in year.checklist.items if i.group == group.code and own.get(i.id) is not None]
            if possible := sum(item.points for item in items):
                got = sum(own[item.id] or 0 for item in items)
                rates.setdefault(group.code, []).append((float(got / possible * 100), row.unit_name))
    failed = Counter(row["item_id"] for row in problem_rows(year.checklist, year.places))
    for group in year.checklist.groups:
        if known := rates.get(group.code):
            average = sum(rate for rate, _ in known) / len(known)
            best, worst = max(known)[1], min(known)[1]
            told = f"{group.name}：平均得分率 {average:.1f}%，最好 {best}，最差 {worst}。"
            yield told + _typical(year, failed, group.code)


def _typical(year: Year, failed: Counter[str], group: str) -> str:
    items = [(n, i) for i in year.checklist.items if i.group == group and (n := failed.get(i.id, 0))]
    worst = sorted(items, key=lambda entry: (-entry[0], entry[1].id))[:TYPICAL]
    named = [f"{item.id} {item.text}（{count} 处）" for count, item in worst]
    return f"主要问题：{'；'.join(named)}。" if named else ""


def _self_check(year: Year) -> Iterator[str]:
    for half, name in (("H1", "上半年"), ("H2", "下半年")):
        key = f"self_check:{year.period.since.year}{half}"
        fan = year.session.scalars(
            select(FanOut)
            .join(Instance, Instance.id == FanOut.instance_id)
            .where(Instance.business_key == key)
        ).first()
        if fan is None:
            yield f"{name}：还没有自查。"
            continue
        on_time = year.session.scalars(
            select(Deadline.id)
            .join(FanOutMember, FanOutMember.instance_id == Deadline.instance_id)
            .where(
                FanOutMember.fan_out_id == fan.id,
                Deadline.key == "SC-DUE",
                Deadline.finished_at.is_not(None),
                Deadline.finished_at < Deadline.due_at,
            )
        ).all()
        yield f"{name}：应报 {fan.total} 个单位，已报 {fan.reported} 个，按期 {len(on_time)} 个。"


def _complaints(year: Year) -> Iterator[str]:
    yield _figures(
        year, ("complaints", "acceptance", "completion", "punctuality", "publicity", "satisfaction")
    )


def _accountability(year: Year) -> Iterator[str]:
    yield _figures(
        year, ("clues", "decided:予以问责", "decided:免予问责", "decided:不予问责", "decided:撤销案件")
    )
    for law in ("R8", "R9", "R11"):
        keys = [key for key in MEASURES if key.startswith(f"{law}(") and _figure(year, key).top]
        said = "，".join(f"{place_of(key)} {_figure(year, key).words}" for key in keys)
        yield f"{MEASURES[keys[0]].group}：{said}。" if keys else ""
    yield _figures(year, ("rectifications", "corrected", "rectify_on_time", "passed_at_once", "relapsed"))


def _cards(year: Year) -> Iterator[str]:
    yield _figures(year, ("yellow", "red"))


def _requirements(year: Year) -> Iterator[str]:
    yield from str(year.data.get("requirements") or "").splitlines()


def _table(year: Year) -> Iterator[str]:
    for group, rows in grouped(year.checklist, year.places).items():
        yield group
        for row in rows:
            yield f"{row.rank}　{row.unit_name}　{row.total} 分　{row.grade}"


def _figure(year: Year, key: str) -> Any:
    return value(year.session, key, year.period)


def _figures(year: Year, keys: Sequence[str]) -> str:
    return "；".join(f"{MEASURES[key].label} {_figure(year, key).words}" for key in keys) + "。"


_FILLERS: Mapping[str, Callable[[Year], Iterator[str]]] = {
    "overview": _overview, "ranking": _ranking, "groups": _groups, "self_check": _self_check,
    "complaints": _complaints, "accountability": _accountability, "cards": _cards,
    "requirements": _requirements, "table": _table,
}  # fmt: skip


def period_of(year: int, today: date) -> Period:
    """From the first of January to today, within the year."""
    return Period(date(year, 1, 1), min(today, date(year, 12, 31)))
