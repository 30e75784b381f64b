"""Whatever is sent, a form answers with errors and never raises."""

from __future__ import annotations

import json
from datetime import date

import orjson
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from forms.fields import NO_SOURCES
from forms.schema import FormFile, render_answers, render_form

VALUES = [{"label": "甲", "value": "a"}, {"label": "乙", "value": "b"}]
INNER = [
    {
        "type": "textfield",
        "key": "text",
        "label": "文本",
        "validate": {"pattern": "^[a-z]+$", "required": True},
    },
    {"type": "checkbox", "key": "tick", "label": "勾选"},
]
FORM = FormFile.parse(
    json.dumps(
        {
            "components": [
                {"type": "text", "text": "# 标题"},
                *INNER,
                {"type": "textarea", "key": "area", "label": "多行", "validate": {"maxLength": 9}},
                {"type": "number", "key": "number", "label": "数字", "decimalDigits": 1, "increment": "0.5"},
                {"type": "datetime", "key": "day", "dateLabel": "日期", "disallowPassedDates": True},
                {"type": "datetime", "key": "clock", "subtype": "time", "timeLabel": "时间"},
                {"type": "datetime", "key": "both", "subtype": "datetime", "dateLabel": "日期时间"},
                {"type": "radio", "key": "radio", "label": "单选", "values": VALUES},
                {"type": "select", "key": "pick", "label": "下拉", "values": VALUES},
                {"type": "checklist", "key": "many", "label": "多选", "values": VALUES},
                {"type": "taglist", "key": "tags", "label": "标签", "properties": {"source": "unit"}},
                {"type": "filepicker", "key": "files", "label": "附件"},
                {"type": "group", "path": "group", "label": "组", "components": INNER},
                {
                    "type": "dynamiclist",
                    "path": "rows",
                    "label": "列表",
                    "components": [{"type": "group", "path": "part", "label": "内", "components": INNER}],
                },
                {
                    "type": "textfield",
                    "key": "late",
                    "label": "条件",
                    "validate": {"required": True},
                    "conditional": {"hide": "=number + 1 > 3 or list contains(many, radio) or group.tick"},
                },
            ]
        }
    ),
    "F-ANY",
)
KEYS = [name for path, _ in FORM.leaves() for name in path[:1]]
NAMES = [
    *KEYS,
    "group.text",
    "rows-0.part.text",
    "rows-1.part.tick",
    "rows-99.part.text",
    "rows-0",
    "_add",
    "_del",
    "x",
]

WORDS = st.sampled_from(["a", "b", "2026-03-02", "09:30", "on", "12", "1e9", "rows", "rows-0", "<script>"])
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12) | WORDS,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4) | WORDS, inner, max_size=4)
    ),
    max_leaves=12,
)
ROW = st.dictionaries(st.sampled_from(["part", "text", "tick"]), ANY_JSON, max_size=3)
ANSWERS = st.dictionaries(
    st.sampled_from(KEYS) | st.text(max_size=4), ANY_JSON | st.lists(ROW, max_size=3), max_size=9
)


def judged(raw):
    clean, errors = FORM.check(raw, sources=NO_SOURCES, today=date(2026, 3, 2))
    assert errors or orjson.dumps(clean)
    assert not (errors and clean)
    assert all(isinstance(name, str) and sentence.endswith("。") for name, sentence in errors.items())
    return errors


@settings(max_examples=60, deadline=None)
@given(ANY_JSON | ANSWERS)
def test_any_json_is_judged(raw):
    judged(raw)


@settings(max_examples=25, deadline=None)
@given(ANSWERS)
def test_any_json_is_drawn_parted_and_shown(raw):
    errors = judged(raw)
    assert "<script>" not in render_form(FORM, FORM.initial({}, raw), errors)
    assert "<script>" not in render_answers(FORM, raw)
    process, sealed = FORM.split(raw)
    assert sealed == {}
    assert set(process) <= set(KEYS)
    assert len(FORM.summary(errors)) == len(errors)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(NAMES) | st.text(max_size=6), WORDS | st.text(max_size=20)), max_size=15
    )
)
def test_any_post_is_read_and_judged(pairs):
    posted = MultiDict(pairs)
    judged(FORM.read(posted))
    changed = FORM.rows_changed(posted)
    assert (changed is None) is not ({"_add", "_del"} & set(posted))


def test_answers_nested_as_deep_as_json_goes_are_judged():
    deep = "x"
    for _ in range(900):
        deep = {"part": deep}
    assert judged({"group": deep, "rows": [deep], "text": deep, "many": [deep]})


def test_a_flood_of_rows_is_refused_and_names_stay_short():
    errors = judged({"rows": [{"part": {"text": "a"}}] * 5000, "text": "a", "late": "a"})
    assert errors["rows"] == "最多填写 20 项，现有 5000 项。"
    assert judged(FORM.read(MultiDict({f"rows-{'9' * 5000}.part.text": "a"})))
