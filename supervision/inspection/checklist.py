"""督查指标: one version of the checklist, read from its file and checked as a whole.

Points are Decimals. Source: R6; DOMAIN 5.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from engine.errors import InvalidData

FILE = "checklist"
WHOLE = 100
ALL = "全部"
MOST_ITEMS = 90


@dataclass(frozen=True)
class Item:
    """One 指标. `types` are the unit types it is for; empty: all of them."""

    id: str
    group: str
    text: str
    evidence: str
    method: str
    points: Decimal
    applies: str
    types: tuple[str, ...]
    scoring: str
    source: str
    grounds: tuple[str, ...]
    self_check: bool
    given_by: str
    """Where its score comes from, when neither unit nor inspector gives it."""

    @property
    def for_all(self) -> bool:
        """Whether no unit may say that it does not apply."""
        return self.applies == ALL

    def concerns(self, unit_type: str) -> bool:
        """Whether units of that type are asked it; '' stands for any."""
        return not self.types or not unit_type or unit_type in self.types


@dataclass(frozen=True)
class Named:
    """A group (points: its weight), a bonus, a veto or a grade (points: the least score)."""

    code: str
    name: str
    points: Decimal = Decimal(0)
    clause: str = ""


@dataclass(frozen=True)
class Checklist:
    """A version. `ranks`: name of a ranking → the unit types compared in it."""

    version: str
    name: str
    effective_from: date
    items: tuple[Item, ...]
    groups: tuple[Named, ...]
    grades: tuple[Named, ...]
    bonuses: tuple[Named, ...]
    vetoes: tuple[Named, ...]
    ranks: Mapping[str, tuple[str, ...]]
    bonus_most: Decimal
    veto_cap: Decimal
    inflated: Decimal
    least_answers: int

    def item(self, item_id: str) -> Item | None:
        """The item of that id."""
        return next((item for item in self.items if item.id == item_id), None)

    def asked(self, unit_type: str = "", only: str = "") -> Sequence[Item]:
        """What a unit of that type is asked: all that people score, or (``self_check``) 自查 items alone."""
        return [
            item
            for item in self.items
            if item.concerns(unit_type) and not item.given_by and (only != "self_check" or item.self_check)
        ]

    def rank_of(self, unit_type: str) -> str:
        """The ranking in which units of that type are compared."""
        return next((name for name, types in self.ranks.items() if unit_type in types), unit_type)


def parse(text: str) -> Checklist:
    """Raises InvalidData on `checklist`, with every problem of the file."""
    try:
        read = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InvalidData({FILE: [f"指标文件不是正确的 TOML：{error}"]}) from error
    try:
        found = _checklist(read)
    except (KeyError, TypeError, ValueError, ArithmeticError) as error:
        raise InvalidData({FILE: [f"指标文件缺少或写错了一项：{error}。请对照现有的文件改正。"]}) from error
    if problems := list(_problems(found)):
        raise InvalidData({FILE: problems})
    return found


def _checklist(read: Mapping[str, Any]) -> Checklist:
    scoring = read["scoring"]
    effective = read["effective_from"]
    if type(effective) is not date:
        raise ValueError("effective_from 应为日期，例如 2027-01-01（不加引号）")
    return Checklist(
        version=str(read["version"]), name=str(read["name"]), effective_from=effective,
        items=tuple(_item(entry) for entry in read["item"]),
        groups=tuple(_group(code, entry) for code, entry in read["group"].items()),
        grades=tuple(Named(entry["name"], entry["name"], _number(entry["from"])) for entry in read["grade"]),
        bonuses=tuple(_named(entry) for entry in read["bonus"]),
        vetoes=tuple(_named(entry) for entry in read["veto"]),
        ranks={entry["name"]: tuple(entry["types"]) for entry in read["rank"]},
        bonus_most=_number(scoring["bonus_most"]), veto_cap=_number(scoring["veto_cap"]),
        inflated=_number(scoring["inflated"]), least_answers=int(scoring["least_answers"]),
    )  # fmt: skip


def _item(entry: Mapping[str, Any]) -> Item:
    return Item(
        id=str(entry["id"]), group=entry["group"], text=entry["item"], evidence=entry["evidence"],
        method=entry["method"], points=_number(entry["points"]), applies=entry["applies"],
        types=tuple(entry.get("types", ())), scoring=entry["scoring"], source=entry["source"],
        grounds=tuple(entry["grounds"]), self_check=bool(entry["self_check"]),
        given_by=entry.get("given_by", ""),
    )  # fmt: skip


def _group(code: str, entry: Mapping[str, Any]) -> Named:
    return Named(code, entry["name"], _number(entry["weight"]), entry["clause"])


def _named(entry: Mapping[str, Any]) -> Named:
    return Named(entry["code"], entry["name"], _number(entry.get("points", 0)), entry.get("clause", ""))


def _number(value: Any) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ValueError(f"“{value}”应为数字")
    return Decimal(str(value))


def _problems(found: Checklist) -> Iterator[str]:
    ids = [item.id for item in found.items]
    for twice in sorted({name for name in ids if ids.count(name) > 1}):
        yield f"指标 {twice} 写了不止一次：请改成不同的编号。"
    if len(ids) > MOST_ITEMS:
        yield f"指标共 {len(ids)} 项，最多 {MOST_ITEMS} 项：请合并。"
    known = {group.code for group in found.groups}
    for item in found.items:
        if item.group not in known:
            yield f"指标 {item.id} 的类“{item.group}”没有写在 [group] 里。"
        if item.points <= 0:
            yield f"指标 {item.id} 的分值应大于 0，现在是 {item.points}。"
    for group in found.groups:
        total = sum((item.points for item in found.items if item.group == group.code), Decimal(0))
        if total != group.points:
            yield f"{group.name}各项之和是 {total} 分，应为 {group.points} 分：请改指标的分值或类的 weight。"
    if (total := sum((item.points for item in found.items), Decimal(0))) != WHOLE:
        yield f"全部指标之和是 {total} 分，应为 {WHOLE} 分。"
    levels = [grade.points for grade in found.grades]
    if levels != sorted(levels, reverse=True) or not levels or levels[-1] != 0:
        yield "等次应按分数从高到低写，最后一个从 0 分起。"
    types = [kind for group in found.ranks.values() for kind in group]
    if len(set(types)) != len(types):
        yield "同一类单位写进了不止一个排名分组：请只留一个。"
