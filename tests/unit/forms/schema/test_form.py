"""A form as a whole: conditions, unknown names, sealed answers, prefilling, the error summary."""

from __future__ import annotations

import json

import pytest
from werkzeug.datastructures import MultiDict

from forms.schema import FormFile

ROUTE = {
    "type": "radio",
    "key": "route",
    "label": "处理方式",
    "values": [{"label": word, "value": word} for word in ("受理", "合并")],
    "validate": {"required": True},
}
MASTER = {
    "type": "textfield",
    "key": "master_no",
    "label": "并案主件",
    "validate": {"required": True},
    "conditional": {"hide": '=not(route = "合并")'},
}
PUBLISH = {
    "type": "radio",
    "key": "publish",
    "label": "公开",
    "values": [{"label": "是", "value": "true"}, {"label": "否", "value": "false"}],
}
GROUND = {
    "type": "textfield",
    "key": "ground",
    "label": "不公开依据",
    "validate": {"required": True},
    "conditional": {"hide": '=not(publish = "false")'},
}
NAME = {"type": "textfield", "key": "name", "label": "姓名", "properties": {"sealed": "identity"}}


@pytest.fixture
def check(sources):
    return lambda form, raw, **more: form.check(raw, sources=sources, today=None, **more)


def test_a_field_that_shows_has_to_be_filled_in(make_form, check):
    form = make_form(ROUTE, MASTER)
    assert check(form, {"route": "合并"}) == ({}, {"master_no": "此项必填，请填写。"})
    assert check(form, {"route": "合并", "master_no": "1"}) == ({"route": "合并", "master_no": "1"}, {})


def test_a_hidden_field_is_emptied_so_that_an_earlier_round_does_not_live_on(make_form, check):
    form = make_form(ROUTE, MASTER)
    assert check(form, {"route": "受理", "master_no": "1"}) == ({"route": "受理", "master_no": ""}, {})
    assert check(form, {"route": "受理", "master_no": ["wrong"]})[1] == {}


def test_a_condition_sees_a_yes_or_no_as_the_browser_does(make_form, check):
    form = make_form(PUBLISH, GROUND)
    for no in ("false", False):
        assert check(form, {"publish": no})[1] == {"ground": "此项必填，请填写。"}
    for yes in ("true", True):
        assert check(form, {"publish": yes}) == ({"publish": True, "ground": ""}, {})


def test_a_condition_may_read_the_case_but_the_answers_win(make_form, check):
    form = make_form(
        {**MASTER, "conditional": {"hide": '=identity = "匿名"'}},
        {"type": "group", "label": "组", "conditional": {"hide": '=route = "受理"'}, "components": [NAME]},
        ROUTE,
    )
    data = {"identity": "匿名", "route": "合并"}
    assert check(form, {"route": "受理", "name": "张三"}, data=data) == (
        {"route": "受理", "master_no": "", "name": ""},
        {},
    )


def test_a_hidden_group_with_a_path_may_be_posted_empty(make_form, check):
    inner = {"type": "textfield", "key": "org", "label": "单位", "validate": {"required": True}}
    group = {"type": "group", "label": "组", "path": "target", "components": [inner]}
    form = make_form(ROUTE, {**group, "conditional": {"hide": '=route = "受理"'}})
    assert check(form, {"route": "受理", "target": {"org": "甲"}}) == (
        {"route": "受理", "target": {"org": ""}},
        {},
    )
    assert check(form, {"route": "合并", "target": {}})[1] == {"target.org": "此项必填，请填写。"}


def test_what_is_not_in_the_form_is_refused_in_one_sentence(make_form, check):
    form = make_form(NAME)
    posted = MultiDict({"name": "张三", "admin": "1", "route": "2", "csrf_token": "t", "_key": "k"})
    raw = form.read(posted, MultiDict({"virus": object()}))
    assert set(raw) == {"name", "admin", "route", "virus"}
    clean, errors = check(form, raw)
    assert clean == {}
    assert errors == {"": "提交了表单里没有的内容。请刷新页面后重新填写。"}
    assert form.summary(errors) == [("main", "表单", errors[""])]


@pytest.mark.parametrize("raw", [None, [], "x", 3, True])
def test_answers_that_are_no_object_are_refused(make_form, check, raw):
    assert "格式不对" in check(make_form(NAME), raw)[1][""]


def test_what_is_read_only_is_neither_read_nor_kept(make_form, check):
    form = make_form({**NAME, "properties": {}, "readonly": True}, ROUTE)
    assert form.read(MultiDict({"name": "x", "route": "受理"})) == {"route": "受理"}
    assert check(form, {"name": "x", "route": "受理"}) == ({"route": "受理"}, {})
    assert form.initial({"name": "张三"}, {"route": "受理", "name": "假"}) == {
        "name": "张三",
        "route": "受理",
    }


def test_sealed_answers_are_parted_from_those_of_the_process(make_form):
    group = {"type": "group", "label": "组", "path": "who", "components": [NAME, MASTER]}
    people = {
        "type": "dynamiclist",
        "path": "representatives",
        "label": "代表",
        "properties": {"sealed": "identity"},
        "components": [{"type": "textfield", "key": "who", "label": "姓名"}],
    }
    form = make_form(ROUTE, group, people)
    clean = {
        "route": "受理",
        "who": {"name": "张三", "master_no": "1"},
        "representatives": [{"who": "李四"}],
        "stray": "王五",
    }
    process, sealed = form.split(clean)
    assert process == {"route": "受理", "who": {"master_no": "1"}}
    assert sealed == {"who": {"name": "张三"}, "representatives": [{"who": "李四"}]}
    assert clean["who"] == {"name": "张三", "master_no": "1"}  # the given answers are left alone


def test_only_what_the_form_names_is_prefilled(make_form):
    form = make_form(
        {**ROUTE, "properties": {"default": "suggested.route"}},
        {**MASTER, "properties": {"default": "absent"}, "defaultValue": "无"},
        NAME,
    )
    data = {"suggested": {"route": "受理"}, "name": "不可预填"}
    assert form.initial(data) == {"route": "受理", "master_no": "无"}
    assert form.initial(data, {"route": None, "name": "草稿"}) == {
        "route": None,
        "master_no": "无",
        "name": "草稿",
    }


def test_new_files_join_those_that_are_there_unless_they_are_dropped(make_form, check):
    form = make_form({"type": "filepicker", "key": "photos", "label": "照片", "multiple": True})
    raw = form.read(MultiDict([("photos", "f1"), ("photos", "f0"), ("_drop", "f0")]))
    form.attach(raw, {"photos": ["f2"]})
    assert check(form, raw) == ({"photos": ["f1", "f2"]}, {})
    assert list(form.file_fields()) == ["photos"]


def test_the_summary_has_the_order_of_the_form(make_form, check):
    form = make_form(
        NAME | {"validate": {"required": True}}, ROUTE, PUBLISH | {"validate": {"required": True}}
    )
    _, errors = check(form, {})
    assert [line.label for line in form.summary(dict(reversed(errors.items())))] == [
        "姓名",
        "处理方式",
        "公开",
    ]
    assert form.summary(errors, prefix="b-")[0].field_id == "f-b-name"


def test_a_file_is_parsed_once():
    source = json.dumps({"components": [NAME]})
    assert FormFile.parse(source, "F") is FormFile.parse(source.encode(), "F")
