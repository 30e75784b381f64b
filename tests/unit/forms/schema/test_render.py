"""What is drawn: labels, hints and errors are tied to their inputs, and nothing typed becomes HTML."""

from __future__ import annotations

import json
from datetime import date

import pytest
from lxml import html

from forms.fields import names
from forms.schema import FormFile, render_answers, render_form

EVIL = "<script>alert(1)</script>\"'"
TEXT = {"type": "textfield", "key": "x", "label": "某项"}


def tree(markup):
    return html.fragment_fromstring(str(markup), create_parent="form")


def one(markup, xpath):
    (found,) = tree(markup).xpath(xpath)
    return found


def test_label_hint_and_error_are_tied_to_the_input(make_form):
    form = make_form({**TEXT, "description": "提示", "validate": {"required": True}})
    root = tree(render_form(form, {"x": "甲"}, {"x": "错了。"}))
    (field,) = root.xpath("//input")
    assert field.get("id") == "f-x"
    assert field.get("value") == "甲"
    assert field.get("aria-invalid") == "true"
    assert field.get("aria-required") == "true"
    assert [root.get_element_by_id(part).text for part in field.get("aria-describedby").split()] == [
        "提示",
        "错了。",
    ]
    assert root.xpath("//label[@for='f-x']")[0].text_content() == "某项必填"
    assert "bad" in field.getparent().get("class")


def test_every_description_points_to_something_on_the_page(make_form, sources):
    plain = {"label": "某项", "description": "提示", "validate": {"required": True}}
    options = {"values": [{"label": "甲", "value": "a"}]}
    kinds = ["textfield", "textarea", "number", "datetime", "checkbox", "filepicker"]
    lists = ["radio", "select", "checklist", "taglist"]
    form = make_form(
        *({"type": kind, "key": kind, **plain} for kind in kinds),
        *({"type": kind, "key": kind, **plain, **options} for kind in lists),
        {"type": "dynamiclist", "path": "rows", "label": "列表", "description": "提示", "components": [TEXT]},
        {"type": "group", "label": "组", "description": "提示", "components": [{**TEXT, "key": "inner"}]},
    )
    _, errors = form.check({}, sources=sources, today=None)
    root = tree(render_form(form, {}, {**errors, "rows": "错了。"}, sources))
    described = root.xpath("//*[@aria-describedby]")
    assert len(described) >= len(kinds) + len(lists) + 1
    for element in described:
        for part in element.get("aria-describedby").split():
            assert root.get_element_by_id(part) is not None
    for line in form.summary(errors):
        assert root.get_element_by_id(line.field_id) is not None
    ids = root.xpath("//@id")
    assert len(ids) == len(set(ids))


def test_a_chosen_option_stays_chosen(make_form, sources):
    values = [{"label": "是", "value": "true"}, {"label": "否", "value": "false"}]
    form = make_form(
        {"type": "radio", "key": "r", "label": "单选", "values": values},
        {"type": "select", "key": "s", "label": "下拉", "properties": {"source": "unit"}},
        {"type": "checklist", "key": "c", "label": "多选", "values": values},
        {"type": "checkbox", "key": "k", "label": "勾选"},
    )
    root = tree(render_form(form, {"r": False, "s": "B01", "c": ["true"], "k": True}, {}, sources))
    assert root.xpath("//input[@type='radio'][@checked]/@value") == ["false"]
    assert root.xpath("//option[@selected]/text()") == ["乙局"]
    assert root.xpath("//optgroup/@label") == ["街办", "部门"]
    assert root.xpath("//input[@type='checkbox'][@checked]/@name") == ["c", "k"]


def test_attached_files_are_listed_and_can_be_dropped(make_form, sources):
    form = make_form(
        {"type": "filepicker", "key": "x", "label": "附件", "accept": ".jpg,.pdf", "multiple": True}
    )
    root = tree(render_form(form, {"x": ["f1", "f2", "gone", 3]}, {}, sources))
    assert root.xpath("//input[@type='hidden']/@value") == ["f1", "f2"]
    assert root.xpath("//input[@name='_drop']/@value") == ["f1", "f2"]
    assert root.xpath("//li/a/@href") == ["/attachment/f1"]
    assert [item.text_content() for item in root.xpath("//li/span[contains(@class, 'num')]")] == [
        "2 KB",
        "3.0 MB",
    ]
    assert one(render_form(form, {}, {}, sources), "//input[@type='file']").get("accept") == ".jpg,.pdf"


def test_rows_have_buttons_that_need_no_javascript(make_form):
    form = make_form({"type": "dynamiclist", "path": "rows", "label": "材料", "components": [TEXT]})
    empty = tree(render_form(form, {}, {}))
    assert empty.xpath("//input/@name") == ["rows-0.x"]
    assert empty.xpath("//button/@name") == ["_del", "_add"]
    assert empty.xpath("//button")[0].get("name") is None  # pressing Enter submits and adds no row
    two = tree(render_form(form, {"rows": [{"x": "甲"}, {"x": "乙"}]}, {}))
    assert two.xpath("//input/@value") == ["甲", "乙"]
    assert two.xpath("//button[@name='_del']/@value") == ["rows-0", "rows-1"]
    assert all("formnovalidate" in button.attrib for button in two.xpath("//button[@name]"))


def test_a_condition_is_handed_to_the_browser_unchanged(make_form):
    hide = '=not(route = "合并" and 1 < 2)'
    form = make_form({**TEXT, "conditional": {"hide": hide}})
    assert one(render_form(form, {}, {}), "//div").get("data-hide") == hide


def test_what_is_read_only_is_words_and_no_input(make_form):
    form = make_form({"type": "datetime", "key": "x", "dateLabel": "某日", "readonly": True})
    root = tree(render_form(form, {"x": "2026-03-02"}, {}))
    assert root.xpath("//input") == []
    assert root.xpath("//div[@class='given']/text()") == ["2026年3月2日"]


def test_limits_of_days_are_told_to_the_browser(make_form):
    form = make_form(
        {"type": "datetime", "key": "x", "dateLabel": "某日", "properties": {"notAfter": "today"}}
    )
    assert one(render_form(form, {}, {}, today=date(2026, 3, 2)), "//input").get("max") == "2026-03-02"


def test_two_forms_on_one_page_keep_their_ids_apart(make_form):
    form = make_form({**TEXT, "description": "提示"})
    root = tree(render_form(form, {}, {}) + render_form(form, {}, {}, prefix="b-"))
    assert root.xpath("//input/@id") == ["f-x", "f-b-x"]
    assert root.xpath("//input/@name") == ["x", "x"]


def every_type_with(text):
    """One component of each type, the text wherever one may stand."""
    words = {"label": text, "description": text, "dateLabel": text}
    options = [{"label": text, "value": text}, {"label": "乙", "value": "b"}]
    inner = [{"type": "textfield", "key": "inner", **words}]
    for kind in names():
        more = {
            "group": {"path": "g", "components": inner},
            "dynamiclist": {"path": "d", "components": inner},
            "dynamiclist.grid": None,  # its rows are those of a checklist: test_item_grid.py
            "text": {"text": "# 无"},
            "table": {
                "key": "table",
                "columns": [{"key": "c", "label": text, "group": text}],
                "rows": [{"key": "r", "label": text, "group": text}],
            },
        }.get(kind, {"key": kind, "values": options, "defaultValue": text})
        if more is None:
            continue
        yield {"type": kind, **words, **more}


@pytest.mark.parametrize("readonly", [False, True])
def test_nothing_typed_or_labelled_becomes_html(readonly):
    components = [{**item, "readonly": readonly} for item in every_type_with(EVIL)]
    form = FormFile.parse(json.dumps({"components": components}), "F-EVIL")
    values = {path[0]: EVIL for path, _ in form.leaves()} | {
        "checklist": [EVIL],
        "taglist": [EVIL],
        "g": {"inner": EVIL},
        "d": [{"inner": EVIL}],
    }
    errors = {key: EVIL for key in [*values, "g.inner", "d-0.inner"]}
    for markup in (render_form(form, values, errors), render_answers(form, values)):
        assert "<script" not in markup
        assert "alert(1)" in markup
        for element in tree(markup).iter():
            assert not any(name.startswith("on") or name == "style" for name in element.attrib)


def test_answers_are_shown_in_words_and_sealed_ones_are_not_shown(make_form, sources):
    form = make_form(
        {"type": "select", "key": "unit", "label": "单位", "properties": {"source": "unit"}},
        {"type": "datetime", "key": "at", "subtype": "datetime", "dateLabel": "时间"},
        {"type": "number", "key": "n", "label": "金额", "appearance": {"suffixAdorner": "元"}},
        {"type": "checkbox", "key": "ok", "label": "同意"},
        {"type": "filepicker", "key": "files", "label": "附件"},
        {"type": "dynamiclist", "path": "rows", "label": "材料", "components": [TEXT]},
        {**TEXT, "key": "name", "properties": {"sealed": "identity"}},
        {**TEXT, "key": "late", "conditional": {"hide": "=ok = true"}},
        {**TEXT, "key": "none"},
    )
    data = {
        "unit": "A01",
        "at": "2026-03-02T09:30",
        "n": 12.5,
        "ok": True,
        "files": ["f1"],
        "rows": [{"x": "甲"}],
    }
    root = tree(render_answers(form, data, sources))
    assert list(zip(root.xpath("//dt/text()"), root.xpath("//dd/text()"), strict=True)) == [
        ("单位", "甲街办"),
        ("时间", "2026年3月2日 09:30"),
        ("金额", "12.5元"),
        ("同意", "是"),
        ("附件", "照片.jpg"),
        ("材料", "某项：甲"),
        ("某项", "已封存，在此不显示"),
        ("某项", "未填写"),  # the hidden one is left out
    ]
