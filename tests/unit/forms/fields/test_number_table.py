"""数字表: cells, totals and checks of a table of numbers, and the rows of lists that a variable gives."""

from __future__ import annotations

import json
from typing import Any

import pytest

from forms.schema import render_form
from forms.schema.lint import lint

TABLE: dict[str, Any] = {
    "type": "table",
    "key": "x",
    "label": "依申请公开情况",
    "validate": {"required": True},
    "columns": [
        {"key": "person", "label": "自然人"},
        {"key": "firm", "label": "商业企业", "group": "法人或其他组织"},
        {"key": "total", "label": "总计", "sum": ["person", "firm"]},
    ],
    "rows": [
        {"key": "received", "label": "一、本年新收"},
        {"key": "carried", "label": "二、上年结转"},
        {"key": "granted", "label": "（一）予以公开", "group": "三、本年度办理结果"},
        {"key": "settled", "label": "（七）总计", "group": "三、本年度办理结果", "sum": ["granted"]},
        {"key": "pending", "label": "四、结转下年度"},
    ],
    "checks": ["received + carried = settled + pending"],
}


def checked(form: Any, sources: Any, answers: Any) -> tuple[Any, dict[str, str]]:
    return form.check({"x": answers}, sources=sources, today=None)


def test_totals_are_added_up_and_empty_cells_count_nought(make_form, sources):
    answers = {
        "received": {"person": "3", "firm": "\uff11"},
        "granted": {"person": 2, "firm": 1},
        "pending": {"person": 1},
    }
    clean, errors = checked(make_form(TABLE), sources, answers)
    assert errors == {}
    assert clean["x"]["received"] == {"person": 3, "firm": 1, "total": 4}
    assert clean["x"]["settled"] == {"person": 2, "firm": 1, "total": 3}
    assert clean["x"]["carried"] == {"person": 0, "firm": 0, "total": 0}


def test_sums_that_do_not_agree_are_told_with_the_column_and_the_numbers(make_form, sources):
    form = make_form(TABLE)
    clean, errors = checked(
        form, sources, {"received": {"person": 3}, "carried": {"person": 1}, "granted": {"person": 2}}
    )
    assert clean == {}
    assert list(errors) == ["x.pending.person"]
    said = errors["x.pending.person"]
    assert "“自然人”一列：“一、本年新收”3 + “二、上年结转”1 = 4" in said
    assert "“（七）总计”2 + “四、结转下年度”0 = 2" in said
    assert form.summary(errors)[0].label == "依申请公开情况“四、结转下年度”的“自然人”"


def test_a_total_cannot_be_typed(make_form, sources):
    clean, errors = checked(
        make_form(TABLE), sources, {"received": {"person": 1, "total": 9}, "granted": {"person": 1}}
    )
    assert errors == {}
    assert clean["x"]["received"]["total"] == 1


@pytest.mark.parametrize(
    ("typed", "said"), [("三", "请填写数字"), ("-1", "不得小于 0"), ("1.5", "应为整数"), (True, "请填写数字")]
)
def test_a_wrong_cell_is_named(make_form, sources, typed, said):
    _, errors = checked(make_form(TABLE), sources, {"received": {"firm": typed}})
    assert said in errors["x.received.firm"]


def test_an_untouched_table_is_no_answer_but_a_nought_is(make_form, sources):
    form = make_form(TABLE)
    assert checked(form, sources, {})[1] == {"x": "此表必填：没有的填 0。"}
    assert checked(form, sources, {"received": {"person": "0"}})[1] == {}


def test_every_cell_has_a_name_a_label_and_keeps_what_was_typed(make_form, sources):
    form = make_form(TABLE)
    raw = {"x": {"received": {"person": "三"}}}
    html = str(render_form(form, raw, {"x.received.person": "请填写数字。"}, sources))
    assert 'name="x.received.person"' in html
    assert 'value="三"' in html
    assert 'aria-label="一、本年新收，法人或其他组织：商业企业"' in html
    assert 'id="f-x-received-person-e"' in html
    assert 'name="x.settled.person"' not in html


def test_a_read_only_table_is_words(make_form, sources):
    html = str(
        render_form(make_form({**TABLE, "readonly": True}), {"x": {"received": {"person": 3}}}, {}, sources)
    )
    assert "<input" not in html
    assert ">3</td>" in html


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"rows": [{"key": "a"}]}, "行（rows）"),
        ({"rows": [{"key": "a", "label": "甲", "sum": ["b"]}]}, "应是它前面的行"),
        ({"checks": ["received = nothing"]}, "核对式"),
        ({"columns": [{"key": "a", "label": "甲"}, {"key": "a", "label": "乙"}]}, "重复"),
    ],
)
def test_a_table_that_cannot_be_added_up_is_refused(change, said):
    found = lint(json.dumps({"components": [{**TABLE, **change}]}), "F")
    assert any(said in problem.message for problem in found)


FIXED: dict[str, Any] = {
    "type": "dynamiclist",
    "path": "rows",
    "label": "意见答复",
    "properties": {"fixed": "true", "default": "opinions", "requireIf": 'why: reply = "不采纳"'},
    "components": [
        {"type": "textarea", "key": "opinion", "label": "意见", "readonly": True},
        {
            "type": "radio", "key": "reply", "label": "答复", "validate": {"required": True},
            "values": [{"value": word, "label": word} for word in ("采纳", "不采纳")],
        },
        {"type": "textarea", "key": "why", "label": "理由"},
    ],
}  # fmt: skip
GIVEN = {"opinions": [{"opinion": "夜间开放", "no": 7}, {"opinion": "增加窗口", "no": 8}]}


def replied(make_form, sources, *rows):
    return make_form(FIXED).check({"rows": list(rows)}, sources=sources, today=None, data=GIVEN)


def test_given_rows_keep_what_was_given_whatever_is_sent(make_form, sources):
    sent = ({"reply": "采纳", "opinion": "改写"}, {"reply": "采纳"}, {"reply": "采纳"})
    clean, errors = replied(make_form, sources, *sent)
    assert errors == {}
    assert [(row["no"], row["opinion"]) for row in clean["rows"]] == [(7, "夜间开放"), (8, "增加窗口")]


def test_no_given_row_can_be_passed_over(make_form, sources):
    _, errors = replied(make_form, sources, {"reply": "采纳"})
    assert list(errors) == ["rows-1.reply"]


def test_what_a_row_makes_necessary_is_asked_for_in_that_row(make_form, sources):
    _, errors = replied(make_form, sources, {"reply": "不采纳"}, {"reply": "不采纳", "why": "已有。"})
    assert list(errors) == ["rows-0.why"]


def test_a_given_list_is_drawn_with_its_rows_and_without_buttons_to_change_them(make_form, sources):
    form = make_form(FIXED)
    html = str(render_form(form, form.initial(GIVEN), {}, sources))
    assert html.count("夜间开放") == 1
    assert 'name="rows-1.reply"' in html
    assert "_add" not in html
    assert "_del" not in html
