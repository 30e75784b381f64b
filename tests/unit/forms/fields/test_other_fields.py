"""Checkboxes, attachments, dynamic lists and groups."""

from __future__ import annotations

import pytest
from werkzeug.datastructures import MultiDict

from forms.fields import registry
from forms.fields.base import FieldType
from forms.fields.text import blocks

TITLE = {"type": "textfield", "key": "title", "label": "名称", "validate": {"required": True, "maxLength": 5}}
LIST = {"type": "dynamiclist", "path": "x", "label": "材料", "components": [TITLE]}


def test_a_checkbox_is_yes_or_no(judge):
    assert judge({"type": "checkbox"}, True) == (True, "")
    assert judge({"type": "checkbox"}, None) == (False, "")
    assert judge({"type": "checkbox"}, "on") == (None, "此项只能勾选或不勾选，请重新选择。")


@pytest.mark.parametrize("must", [{"properties": {"mustBe": "true"}}, {"validate": {"required": True}}])
def test_an_acknowledgement_has_to_be_given(judge, must):
    assert judge({"type": "checkbox", **must}, False) == (None, "请勾选，表示已阅读并同意。")
    assert judge({"type": "checkbox", **must}, True) == (True, "")


def test_attachments_are_ids_of_files_that_are_there(judge):
    files = {"type": "filepicker", "properties": {"maxFiles": "2"}}
    assert judge(files, ["f1", "f1"]) == (["f1"], "")
    assert judge(files, ["f1", "foreign"]) == (None, "附件已不存在，请重新上传。")
    assert judge(files, "f1") == (None, "附件信息无效，请重新上传。")
    assert judge({"type": "filepicker"}, ["f1", "f2"]) == (None, "最多 1 个文件，现有 2 个。请删去多余的。")
    assert judge({"type": "filepicker", "validate": {"required": True}}, []) == (None, "请上传文件。")


def test_rows_that_were_not_touched_are_no_answers(judge):
    assert judge(LIST, [{"title": "甲"}, {"title": ""}, {}]) == ([{"title": "甲"}], "")


def test_an_error_in_a_row_has_the_name_of_its_input(make_form, sources):
    form = make_form({"key": "", **LIST, "path": "rows"})
    _, errors = form.check(
        {"rows": [{"title": "甲"}, {"title": "甲乙丙丁戊己"}]}, sources=sources, today=None
    )
    assert errors == {"rows-1.title": "最多 5 个字，现有 6 个字。请精简。"}
    assert form.summary(errors) == [("f-rows-1-title", "材料第 2 项“名称”", errors["rows-1.title"])]


def test_an_error_stays_with_its_row_when_an_untouched_row_stands_before_it(make_form, sources):
    form = make_form({**LIST, "path": "rows"})
    raw = form.read(MultiDict({"rows-0.title": "", "rows-3.title": "甲乙丙丁戊己"}))
    _, errors = form.check(raw, sources=sources, today=None)
    assert raw == {"rows": [{"title": "甲乙丙丁戊己"}]}
    assert list(errors) == ["rows-0.title"]


@pytest.mark.parametrize("wrong", ["甲", 1, {"0": {}}, True])
def test_rows_that_are_no_list_are_refused(judge, wrong):
    assert "格式不对" in judge(LIST, wrong)[1]


def test_too_few_and_too_many_rows_are_refused(judge):
    limited = {**LIST, "properties": {"minItems": "1", "maxItems": "2"}}
    row = {"title": "甲"}
    assert judge(limited, [])[1] == "至少填写 1 项，现有 0 项。"
    assert judge(limited, [row] * 3)[1] == "最多填写 2 项，现有 3 项。"
    assert judge(limited, [row]) == ([row], "")


def test_rows_are_added_and_deleted_without_javascript(make_form):
    form = make_form({**LIST, "path": "rows", "properties": {"maxItems": "2"}})
    posted = {"rows-0.title": "甲", "rows-1.title": "乙"}
    assert form.rows_changed(MultiDict(posted)) is None
    assert form.rows_changed(MultiDict({**posted, "_del": "rows-0"})) == {"rows": [{"title": "乙"}]}
    assert form.rows_changed(MultiDict({"rows-0.title": "甲", "_add": "rows"})) == {
        "rows": [{"title": "甲"}, {}]
    }
    assert len(form.rows_changed(MultiDict({**posted, "_add": "rows"}))["rows"]) == 2  # no more than allowed
    for odd in ("rows-9", "rows-²", "rows", "other-0", ""):
        assert form.rows_changed(MultiDict({**posted, "_del": odd}))["rows"] == [
            {"title": "甲"},
            {"title": "乙"},
        ]


def test_a_group_with_a_path_nests_and_one_without_does_not(make_form, sources):
    form = make_form(
        {"type": "group", "label": "甲", "path": "target", "components": [TITLE]},
        {"type": "group", "label": "乙", "components": [{**TITLE, "key": "other"}]},
    )
    raw = form.read(MultiDict({"target.title": "一", "other": "二"}))
    assert raw == {"target": {"title": "一"}, "other": "二"}
    assert form.check(raw, sources=sources, today=None) == (raw, {})
    assert set(form.check({}, sources=sources, today=None)[1]) == {"target.title", "other"}


def test_a_text_is_headings_lists_and_paragraphs_and_never_html():
    found = [
        (kind, [str(line) for line in lines])
        for kind, lines in blocks("# 一\n甲 **乙**\n丙<i>\n\n- 丁\n- 戊")
    ]
    assert found == [
        ("heading", ["一"]),
        ("paragraph", ["甲 <strong>乙</strong>", "丙&lt;i&gt;"]),
        ("list", ["丁", "戊"]),
    ]


def test_a_type_can_be_registered_once():
    assert registry.field_type("textfield").type == "textfield"
    with pytest.raises(ValueError, match="Expected field type 'textfield' to be new"):
        registry.register("textfield")(FieldType)


def test_every_type_has_a_template_a_chinese_name_and_no_answer_at_first():
    for name in registry.names():
        kind = registry.field_type(name)
        assert kind.template == f"fields/{name}.html"
        assert kind.label_zh
        assert not kind.empty
