"""指标表: rows that are given, each judged by the item's points and by its own conditions."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from werkzeug.datastructures import MultiDict

from forms.fields import FileRef, GridItem, Option
from forms.schema import FormFile, lint, render_form

ITEMS = (
    GridItem("1-1", "明确分管领导", "(一)组织领导（12 分）", "评分：3项各1分。", 3.0, True),
    GridItem("1-4", "对所属单位检查监督", "(一)组织领导（12 分）", "", 3.0, False),
)


class Given:
    """Two items, one file."""

    def __init__(self, given: Mapping[str, Any] | None = None) -> None:
        self.given = given or {}

    def options(self, source: str, properties: Mapping[str, str]) -> Sequence[Option]:
        return ()

    def files(self, ids: Sequence[str]) -> Sequence[FileRef]:
        return [FileRef(one, "佐证.pdf", 100, f"/file/{one}") for one in ids if one == "f1"]

    def grid(self, properties: Mapping[str, str]) -> Sequence[GridItem]:
        return [
            GridItem(i.id, i.text, i.group, i.hint, i.points, i.for_all, self.given.get(i.id, {}))
            for i in ITEMS
        ]


ROW: list[dict[str, Any]] = [
    {"type": "checkbox", "key": "na", "label": "不适用"},
    {"type": "textarea", "key": "na_reason", "label": "不适用理由", "validate": {"required": True},
     "conditional": {"hide": "=na != true"}},
    {"type": "number", "key": "self_score", "label": "自评分", "validate": {"required": True},
     "conditional": {"hide": "=na = true"}},
    {"type": "filepicker", "key": "evidence", "label": "佐证材料", "multiple": True,
     "conditional": {"hide": "=na = true"}},
    {"type": "textfield", "key": "evidence_url", "label": "佐证网址", "conditional": {"hide": "=na = true"}},
]  # fmt: skip
PROPERTIES = {
    "grid": "checklist", "scored": "self_score", "na": "na", "either": "evidence,evidence_url",
    "eitherIf": "=self_score > 0",
}  # fmt: skip


def form(rows: list[dict[str, Any]] | None = None, **properties: str) -> FormFile:
    grid = {
        "type": "dynamiclist", "path": "rows", "label": "自评", "components": rows or ROW,
        "properties": {**PROPERTIES, **properties},
    }  # fmt: skip
    return FormFile.parse(json.dumps({"type": "default", "components": [grid]}), "F")


def judged(
    rows: Any, given: Mapping[str, Any] | None = None, **properties: str
) -> tuple[Any, dict[str, str]]:
    clean, errors = form(**properties).check({"rows": rows}, sources=Given(given), today=None)
    return clean.get("rows"), errors


RIGHT = {"item_id": "1-1", "self_score": 2, "evidence": ["f1"]}
DOES_NOT_APPLY = {"item_id": "1-4", "na": True, "na_reason": "没有所属单位。"}


def test_each_item_is_answered_once_and_empty_fields_are_left_out() -> None:
    assert judged([DOES_NOT_APPLY, RIGHT])[0] == [RIGHT, DOES_NOT_APPLY]


@pytest.mark.parametrize(
    ("row", "field", "said"),
    [
        ({"item_id": "1-1"}, "rows-0.na", "指标 1-1 还没有填写"),
        ({"item_id": "1-1", "self_score": 3.5, "evidence_url": "a"}, "rows-0.self_score", "满分 3 分"),
        ({"item_id": "1-1", "self_score": -1}, "rows-0.self_score", "满分 3 分"),
        ({"item_id": "1-1", "self_score": 2}, "rows-0.evidence", "“佐证材料”、“佐证网址”中的一项"),
        ({"item_id": "1-1", "na": True, "na_reason": "没有"}, "rows-0.na", "适用于全部单位"),
        ({"item_id": "1-1", "evidence_url": "a"}, "rows-0.self_score", "必填"),
        ({"item_id": "1-1", "self_score": 2, "evidence": ["other"]}, "rows-0.evidence", "附件已不存在"),
    ],
)
def test_a_row_that_breaks_a_rule_is_told_at_its_field(row: dict[str, Any], field: str, said: str) -> None:
    rows, errors = judged([row, DOES_NOT_APPLY])
    assert rows is None
    assert said in errors[field]


def test_a_score_of_nothing_needs_no_evidence() -> None:
    rows, errors = judged([{"item_id": "1-1", "self_score": 0}, DOES_NOT_APPLY])
    assert not errors
    assert rows[0] == {"item_id": "1-1", "self_score": 0}


def test_what_a_condition_hides_is_not_kept() -> None:
    rows, _ = judged([RIGHT, {**DOES_NOT_APPLY, "self_score": 3}])
    assert rows[1] == DOES_NOT_APPLY


@pytest.mark.parametrize("rows", [[{"item_id": "9-9"}], [RIGHT, RIGHT], "x", [1]])
def test_rows_of_no_item_are_refused(rows: Any) -> None:
    assert judged(rows)[1]


def test_what_was_said_before_is_shown_and_seen_by_conditions() -> None:
    # given
    rows = [
        {"type": "checkbox", "key": "self_na", "label": "申报不适用", "readonly": True,
         "properties": {"default": "na"}},
        {"type": "filepicker", "key": "handed_in", "label": "单位佐证", "readonly": True,
         "properties": {"default": "evidence"}},
        {"type": "checkbox", "key": "na_approved", "label": "认可不适用",
         "conditional": {"hide": "=self_na != true"}},
        {"type": "number", "key": "score", "label": "核查得分", "validate": {"required": True},
         "conditional": {"hide": "=na_approved = true"}},
        {"type": "textarea", "key": "comment", "label": "扣分理由", "validate": {"required": True},
         "conditional": {"hide": "=(score < points) != true"}},
    ]  # fmt: skip
    checked = form(rows, beside="self_rows", scored="score", na="", either="", eitherIf="")
    given = {"1-1": RIGHT, "1-4": DOES_NOT_APPLY}
    answers = [{"item_id": "1-1", "score": 3, "na_approved": True}, {"item_id": "1-4", "na_approved": True}]
    # when
    page = render_form(checked, {}, {}, Given(given))
    clean, errors = checked.check({"rows": answers}, sources=Given(given), today=None)
    # then
    assert '<a href="/file/f1">佐证.pdf</a>' in page
    assert not errors
    assert clean["rows"] == [{"item_id": "1-1", "score": 3}, {"item_id": "1-4", "na_approved": True}]


def test_a_posted_page_is_read_back_and_files_find_their_row() -> None:
    # given
    checked = form()
    posted = MultiDict(
        [
            ("rows-0.item_id", "1-1"),
            ("rows-0.self_score", "2"),
            ("rows-1.item_id", "1-4"),
            ("rows-1.na", "on"),
        ]
    )
    # when
    raw = checked.read(posted)
    checked.attach(raw, {"rows-0.evidence": ["f1"], "rows-7.evidence": ["f2"]})
    # then
    assert raw["rows"][0]["evidence"] == ["f1"]
    assert raw["rows"][1]["na"] is True
    assert "rows-0.evidence" in checked.file_fields()
    assert "第 1 项“自评分”" in checked.summary({"rows-0.self_score": "x"})[0].label


def test_a_grid_may_hold_files_and_conditions_but_no_list_and_no_misspelt_property() -> None:
    inner = {"type": "dynamiclist", "path": "more", "label": "更多", "components": ROW[:1]}
    grid = {
        "type": "dynamiclist", "path": "rows", "label": "自评", "components": [*ROW, inner],
        "properties": {"grid": "units", "scored": "points"},
    }  # fmt: skip
    said = [p.message for p in lint(json.dumps({"type": "default", "components": [grid]}), "F")]
    assert len(said) == 3
    assert any("不能再放列表" in text for text in said)
    assert any("grid 应为" in text for text in said)
    assert any("没有“points”这一项" in text for text in said)
