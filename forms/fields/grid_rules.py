"""What a row of a 指标表 must hold: properties of its component, understood and checked.

| property | meaning |
|---|---|
| `grid` | source of the rows: ``checklist`` |
| `items` | ``self_check``: only items of the half-yearly 自查 |
| `beside` | variable whose rows are shown read-only beside each item |
| `scored` | key of the number that lies between 0 and the item's points |
| `na` | key of the checkbox 不适用, or ``key:answer``; refused for items that are for everybody |
| `either`, `eitherIf` | keys of which one must be filled in, where the FEEL condition holds |
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from forms.fields.base import FieldType
from forms.fields.sources import GridItem

KINDS = ("checklist",)
ONLY = ("self_check",)
FOR_ALL = "指标 {id} 适用于全部单位，不能填“不适用”。"
BEYOND = "指标 {id} 满分 {points} 分，应在 0 到 {points} 之间。"
EITHER = "指标 {id}：请填写{labels}中的一项。"


@dataclass(frozen=True)
class RowRules:
    """Of one grid."""

    scored: str
    na: str
    na_answer: str
    """The answer that says 不适用; '' where `na` is a checkbox."""
    either: tuple[str, ...]
    either_if: str
    labels: Mapping[str, str]

    def hides(self, child: FieldType, scope: Mapping[str, Any]) -> bool:
        """Whether the condition of a field hides it in a row."""
        if not isinstance(child.hide, str) or not child.hide:
            return child.hide is True
        return _holds(child.hide, scope)


def conditions_of(properties: Mapping[str, str], children: Sequence[FieldType]) -> RowRules:
    """The rules of a linted grid."""
    either = tuple(part.strip() for part in properties.get("either", "").split(",") if part.strip())
    na, _, answer = properties.get("na", "").partition(":")
    return RowRules(
        properties.get("scored", ""), na, answer, either, properties.get("eitherIf", ""),
        {child.key: child.label for child in children},
    )  # fmt: skip


def row_fault(rules: RowRules, item: GridItem, row: Mapping[str, Any]) -> dict[str, list[str]]:
    """Sentences by field about a row whose fields are right by themselves."""
    if rules.na and item.for_all and _says_na(rules, row.get(rules.na)):
        return {rules.na: [FOR_ALL.format(id=item.id)]}
    score = row.get(rules.scored) if rules.scored else None
    if score is not None and not 0 <= Decimal(str(score)) <= Decimal(str(item.points)):
        return {rules.scored: [BEYOND.format(id=item.id, points=f"{item.points:g}")]}
    if rules.either and not any(row.get(key) for key in rules.either):
        if _holds(rules.either_if, {"points": item.points, **row}):
            labels = "、".join(f"“{rules.labels[key]}”" for key in rules.either)
            return {rules.either[0]: [EITHER.format(id=item.id, labels=labels)]}
    return {}


def _says_na(rules: RowRules, given: Any) -> bool:
    return given == rules.na_answer if rules.na_answer else bool(given)


def lint_grid(component: Mapping[str, Any]) -> Iterator[str]:
    """Sentences about properties that mean nothing."""
    properties = component.get("properties") or {}
    keys = {part.get("key") for part in component.get("components") or [] if isinstance(part, dict)}
    if properties.get("grid") not in KINDS:
        yield f"指标表的行来源 grid 应为 {'、'.join(KINDS)}，现在是“{properties.get('grid')}”。"
    if properties.get("items") not in (None, *ONLY):
        yield f"“items”只能写 {'、'.join(ONLY)}，不写就是全部指标。"
    na = str(properties.get("na") or "").partition(":")[0]
    named = [properties.get("scored"), na, *str(properties.get("either") or "").split(",")]
    for name in filter(None, (str(part or "").strip() for part in named)):
        if name not in keys:
            yield f"指标表的每一行没有“{name}”这一项：请改正属性，或者在行里添加它。"
    if (condition := properties.get("eitherIf")) and (fault := _fault(condition)):
        yield f"“eitherIf”不在可用范围内：{fault}。"


def _holds(condition: str, scope: Mapping[str, Any]) -> bool:
    from forms.schema.feel import evaluate  # forms.schema imports the fields

    return not condition or evaluate(condition, scope) is True


def _fault(condition: str) -> str:
    from forms.schema.feel import FeelError, compile_feel

    try:
        compile_feel(condition)
    except FeelError as error:
        return str(error)
    return ""
