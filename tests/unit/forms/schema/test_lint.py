"""Each rule of publishing a form: one form that is refused, and one that passes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from engine.errors import DiagramError, Problem
from forms.schema import FormFile, lint

ROOT = Path(__file__).parents[4]

TEXT = {"type": "textfield", "key": "x", "label": "某项"}
RADIO = {"type": "radio", "key": "x", "label": "某项", "values": [{"label": "甲", "value": "a"}]}
NUMBER = {"type": "number", "key": "x", "label": "某项"}
DATE = {"type": "datetime", "key": "x", "dateLabel": "某日"}
FILES = {"type": "filepicker", "key": "x", "label": "附件"}
LIST = {"type": "dynamiclist", "path": "x", "label": "列表", "components": [{**TEXT, "key": "y"}]}


def problems(*components):
    return lint(json.dumps({"components": components}), "F")


GROUP = {"type": "group", "label": "组", "components": []}
TICK = {"type": "checkbox", "key": "x", "label": "某项"}

REFUSED = [
    ([{"type": "expression", "key": "x"}], "表达式组件"),
    ([{"type": "iframe", "label": "x"}], "不能嵌入"),
    ([{"type": "documentPreview", "label": "x"}], "文件预览"),
    ([{"type": "html", "content": "<p>"}], "网页代码"),
    ([{"type": "table", "label": "x"}], "表格"),
    ([{"type": "image", "source": "x"}], "图片"),
    ([{"type": "hologram"}], "不支持的组件“hologram”"),
    ([{"key": "x", "label": "x"}], "不支持的组件“None”"),
    ([{"type": ["text"]}], "不支持的组件"),
    ([{**TEXT, "validate": []}, {**TEXT, "key": "y", "validate": ["x"]}], "“validate”的内容不是对象"),
    ([{**TEXT, "properties": "sealed"}], "“properties”的内容不是对象"),
    ([{**TEXT, "label": 3}], "“label”应为文字"),
    ([{**TEXT, "label": ""}], "没有标签"),
    ([{**TEXT, "label": "={x}"}], "“label”不能含表达式"),
    ([{**TEXT, "description": "你好 {{name}}"}], "“description”不能含表达式"),
    ([{**TEXT, "readonly": "=true"}], "“readonly”只能是开或关"),
    ([{**TEXT, "disabled": "=x"}], "“disabled”只能是开或关"),
    ([{**TEXT, "validate": {"required": "=x"}}], "“required”只能是开或关"),
    ([{**TEXT, "key": ""}], "没有标识（key）"),
    ([{**TEXT, "key": "a.b"}], "标识“a.b”不能用"),
    ([{**TEXT, "key": "_x"}], "标识“_x”不能用"),
    ([{**TEXT, "key": "姓名"}], "标识“姓名”不能用"),
    ([{**TEXT, "key": "class"}], "是保留字"),
    ([{**TEXT, "key": "csrf_token"}], "是保留字"),
    ([TEXT, {**NUMBER}], "“x”用了不止一次"),
    ([TEXT, LIST], "“x”用了不止一次"),
    ([{**TEXT, "properties": {"seald": "identity"}}], "不认识的属性“seald”"),
    ([{**TEXT, "properties": {"sealed": "yes"}}], "“sealed”只能写 identity"),
    ([{**TEXT, "properties": {"default": 3}}], "“default”的值应为文字"),
    ([{**TEXT, "conditional": {"hide": 'route = "x"'}}], "应以“=”开头"),
    ([{**TEXT, "conditional": {"hide": 5}}], "应以“=”开头"),
    ([{**TEXT, "conditional": {"hide": "=contains(a, b)"}}], "显示条件不在可用范围内"),
    ([{**TEXT, "validate": {"minLength": "=x"}}], "“minLength”应为不带小数的数字"),
    ([{**TEXT, "validate": {"minLength": 9, "maxLength": 3}}], "字数的下限 9 大于上限 3"),
    ([{**TEXT, "validate": {"maxLength": 5000}}], "单行文本最多 1000 个字"),
    ([{**TEXT, "validate": {"validationType": "phone"}}], "+86"),
    ([{**TEXT, "validate": {"validationType": "iban"}}], "不认识的校验方式"),
    ([{**TEXT, "validate": {"pattern": "(a+)+"}}], "正则不能用"),
    ([{**TEXT, "validate": {"pattern": 5}}], "正则不能用：应为文字"),
    ([{**TEXT, "validate": {"patternErrorMessage": 5}}], "正则的提示应为文字"),
    ([{**NUMBER, "validate": {"min": "=x"}}], "“min”应为数字"),
    ([{**NUMBER, "validate": {"min": 5, "max": 1}}], "数值的下限 5 大于上限 1"),
    ([{**NUMBER, "decimalDigits": "=2"}], "“decimalDigits”应为不带小数的数字"),
    ([{**NUMBER, "increment": "0"}], "“increment”应大于 0"),
    ([{**NUMBER, "serializeToString": True}], "serializeToString"),
    ([{**NUMBER, "appearance": {"suffixAdorner": 3}}], "后缀应为文字"),
    ([{**DATE, "subtype": "month"}], "不认识的日期类型"),
    ([{**DATE, "subtype": "time", "timeSerializingFormat": "utc_offset"}], "无时区"),
    ([{**DATE, "properties": {"notAfter": "tomorrow"}}], "“notAfter”应为 today 或日期"),
    ([{**TICK, "properties": {"mustBe": "yes"}}], "“mustBe”只能写 true"),
    ([{**RADIO, "values": []}], "没有选项"),
    ([{**RADIO, "values": [{"label": "甲", "value": 1}]}], "每个选项都要有文字"),
    ([{**RADIO, "values": "=list"}], "每个选项都要有文字"),
    ([{**RADIO, "values": [{"label": "甲", "value": "a"}, {"label": "乙", "value": "a"}]}], "“a”重复"),
    ([{**RADIO, "valuesExpression": "=x"}], "不支持动态选项（valuesExpression）"),
    ([{**RADIO, "valuesKey": "x"}], "不支持动态选项（valuesKey）"),
    ([{**RADIO, "properties": {"source": "planet"}}], "不认识的选项来源“planet”"),
    ([{**RADIO, "properties": {"source": "person", "unit": "U01"}}], "“unit”应为 lead_unit（承办单位）"),
    ([{**RADIO, "type": "checklist", "properties": {"minItems": "x"}}], "“minItems”应为不带小数的数字"),
    ([{**RADIO, "type": "taglist", "properties": {"minItems": "3", "maxItems": "2"}}], "选择项数的下限 3"),
    ([{**FILES, "accept": ".exe,.pdf"}], "不支持的文件类型：.exe"),
    ([{**FILES, "accept": "=types"}], "“accept”应为文件类型"),
    ([{**FILES, "multiple": "=x"}], "“multiple”只能是开或关"),
    ([{**FILES, "properties": {"maxMB": "1.5"}}], "“maxMB”应为不带小数的数字"),
    ([{**LIST, "path": ""}], "没有标识（path）"),
    ([{**LIST, "components": None}], "没有组件"),
    ([{**LIST, "properties": {"maxItems": "99"}}], "列表最多 50 项"),
    ([{**LIST, "components": [{**LIST, "path": "z"}]}], "列表里不能再放列表"),
    ([{**LIST, "components": [{**FILES, "key": "y"}]}], "列表里不能再放列表或附件"),
    ([{**LIST, "components": [{**TEXT, "conditional": {"hide": "=true"}}]}], "不能设显示条件"),
    ([{**LIST, "components": [{**TEXT, "properties": {"sealed": "identity"}}]}], "不能单独封存"),
    ([{**LIST, "components": [{**TEXT, "readonly": True}]}], "不能只读"),
    ([{"type": "group", "label": "组", "path": "a-b", "components": []}], "标识“a-b”不能用"),
    ([{**GROUP, "properties": {"sealed": "identity"}}], "不能整体封存"),
    ([{"type": "text", "text": "=x"}], "说明文字不能含表达式"),
    ([{"type": "text", "text": "见 <a href='x'>"}], "说明文字不能含网页代码"),
    ([{"type": "text", "text": "见 [此](http://x)"}], "说明文字不能含网页代码或链接"),
    (["x"], "不是对象"),
]  # fmt: skip


@pytest.mark.parametrize(("components", "said"), REFUSED)
def test_a_form_the_server_cannot_mirror_is_refused(components, said):
    found = problems(*components)
    assert any(said in problem.message and problem.severity == "error" for problem in found), found
    with pytest.raises(DiagramError) as refused:
        FormFile.parse(json.dumps({"components": components}), "F")
    assert said in str(refused.value)


@pytest.mark.parametrize(
    "component",
    [
        {**TEXT, "validate": {"required": True, "minLength": "2", "maxLength": 20, "pattern": r"^\d+$"}},
        {**TEXT, "properties": {"sealed": "identity", "autocomplete": "name", "default": "name"}},
        {**TEXT, "conditional": {"hide": ""}, "description": "说明"},
        {**TEXT, "validate": {"validationType": "email"}},
        {**TEXT, "type": "textarea", "validate": {"maxLength": 20000}},
        {**NUMBER, "decimalDigits": 0, "increment": "5", "validate": {"min": 0, "max": "100"}},
        {**NUMBER, "appearance": {"suffixAdorner": "元"}},
        {**DATE, "subtype": "time", "timeSerializingFormat": "no_timezone"},
        {**DATE, "properties": {"notAfter": "today", "notBefore": "2026-01-01"}},
        RADIO,
        {**RADIO, "type": "select", "values": [], "properties": {"source": "person", "role": "DCS_CLERK"}},
        {**RADIO, "type": "taglist", "properties": {"minItems": "1", "maxItems": "3"}},
        {**FILES, "accept": "image/*,.pdf", "multiple": True, "properties": {"maxFiles": "5", "maxMB": "20"}},
        {**TICK, "properties": {"mustBe": "true"}},
        {**LIST, "properties": {"minItems": "1", "maxItems": "5", "sealed": "identity"}},
        {"type": "group", "label": "组", "path": "g", "components": [TEXT]},
        {"type": "group", "label": "组", "components": [TEXT, {"type": "separator"}, {"type": "spacer"}]},
        {"type": "text", "text": "### 一、投诉人\n- **必填**"},
        {"type": "button", "label": "提交", "action": "submit"},
    ],
)
def test_a_form_the_server_can_mirror_passes(component):
    assert problems(component) == []


def test_a_problem_names_the_field_and_the_file():
    assert problems({**TEXT, "key": "class"}) == [
        Problem("class", "标识“class”是保留字。请换一个。", file="F.form"),
    ]


def test_all_problems_are_told_at_once():
    found = problems({**TEXT, "key": "a.b", "validate": {"pattern": "("}}, {"type": "iframe", "label": "x"})
    assert len(found) == 3


def test_a_name_from_outside_the_form_is_only_warned_about():
    found = problems({**TEXT, "conditional": {"hide": '=not(ruote = "合并")'}})
    assert [(problem.severity, problem.element_id) for problem in found] == [("warning", "x")]
    assert "“ruote”不是本表单的字段" in found[0].message


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (b"", "不是有效的表单文件"),
        (b"{", "不是有效的表单文件"),
        (b"\xff\xfe", "不是有效的表单文件"),
        (b"[]", "没有组件列表"),
        (b'{"components": {}}', "没有组件列表"),
        (b" " * (600 * 1024), "超过 512 KB"),
        (b"[" * 100_000, "不是有效的表单文件"),
    ],
)
def test_a_file_that_is_no_form_is_refused(source, said):
    assert said in lint(source, "F")[0].message


def test_groups_nested_too_deep_are_refused():
    component = dict(TEXT)
    for depth in range(6):
        component = {"type": "group", "label": "组", "path": f"g{depth}", "components": [component]}
    assert "嵌套超过" in problems(component)[0].message


OF_THE_CASE = {"F-DOC": "chain", "F-AV-2-register": "sealed"}
"""What a form asks of the case on purpose: set by svc_prepare of 公文制发, by the request for 回避."""


@pytest.mark.parametrize("file", sorted((ROOT / "processes").rglob("*.form")), ids=lambda file: file.stem)
def test_the_forms_of_this_house_pass(file):
    said = [str(problem) for problem in lint(file.read_bytes(), file.stem)]
    variable = OF_THE_CASE.get(file.stem)
    assert [line for line in said if not variable or f"“{variable}”不是本表单的字段" not in line] == []
