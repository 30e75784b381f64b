"""Radio, select, checklist and tag list: options of the file and options of a source."""

from __future__ import annotations

import pytest

VALUES = [{"label": "同意", "value": "同意"}, {"label": "退回", "value": "退回"}]
YES_NO = [{"label": "是", "value": "true"}, {"label": "否", "value": "false"}]
NOT_ONE = "所选内容不在可选范围内，请重新选择。"
ONE, MANY = ["radio", "select"], ["checklist", "taglist"]


@pytest.mark.parametrize("kind", ONE)
def test_one_option_is_taken(judge, kind):
    assert judge({"type": kind, "values": VALUES}, "退回") == ("退回", "")


@pytest.mark.parametrize("kind", MANY)
def test_several_options_are_taken_once_each(judge, kind):
    assert judge({"type": kind, "values": VALUES}, ["退回", "同意", "退回"]) == (["退回", "同意"], "")


@pytest.mark.parametrize("wrong", ["其他", 1, True, ["同意"], {}, {"value": "同意"}])
@pytest.mark.parametrize("kind", ONE)
def test_one_of_something_else_is_refused(judge, kind, wrong):
    assert judge({"type": kind, "values": VALUES}, wrong) == (None, NOT_ONE)


@pytest.mark.parametrize("wrong", ["同意", ["其他"], [1], [["同意"]], [None], {"0": "同意"}, 3])
@pytest.mark.parametrize("kind", MANY)
def test_many_of_something_else_are_refused(judge, kind, wrong):
    assert judge({"type": kind, "values": VALUES}, wrong) == (None, NOT_ONE)


@pytest.mark.parametrize(("kinds", "empty"), [(ONE, None), (MANY, [])])
def test_nothing_chosen_is_no_answer(judge, kinds, empty):
    for kind in kinds:
        assert judge({"type": kind, "values": VALUES}, None) == (empty, "")
        required = {"type": kind, "values": VALUES, "validate": {"required": True}}
        assert judge(required, empty) == (None, "此项必选，请选择。")


@pytest.mark.parametrize("kind", ONE)
def test_true_and_false_become_a_boolean(judge, kind):
    field = {"type": kind, "values": YES_NO, "validate": {"required": True}}
    assert judge(field, "true") == (True, "")
    assert judge(field, "false") == (False, "")  # and is an answer, though a required one
    assert judge(field, False) == (False, "")
    assert judge(field, "True")[1] == NOT_ONE


def test_a_source_adds_its_options_to_those_of_the_file(judge):
    field = {
        "type": "select",
        "properties": {"source": "unit"},
        "values": [{"label": "不清楚", "value": "UNKNOWN"}],
    }
    assert judge(field, "UNKNOWN") == ("UNKNOWN", "")
    assert judge(field, "A01") == ("A01", "")
    assert judge(field, "C99") == (None, NOT_ONE)


def test_too_few_and_too_many_are_refused(judge):
    field = {"type": "taglist", "properties": {"source": "unit", "minItems": "2", "maxItems": "2"}}
    assert judge(field, ["A01", "B01"]) == (["A01", "B01"], "")
    assert judge(field, ["A01"]) == (None, "至少选 2 项，现选 1 项。")
    assert judge(field, []) == (None, "此项必选，请选择。")
    at_most = {"type": "checklist", "values": VALUES, "properties": {"maxItems": "1"}}
    assert judge(at_most, ["同意", "退回"]) == (None, "最多选 1 项，现选 2 项。")
