"""Why a form file cannot be published: everything the server cannot mirror, said to its process owner.

The checks common to all components are here; those of one type are in its field type.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import orjson

from engine.errors import Problem
from forms.fields import field_type, is_registered, type_of
from forms.fields.container import Container
from forms.fields.dynamic_list import needs
from forms.schema import lint_common
from forms.schema.feel import FeelError, compile_feel

LARGEST_BYTES = 512 * 1024
DEEPEST = 4

_REFUSED = {
    "expression": "表达式组件在服务器上无法核对，请改在流程里计算。",
    "iframe": "不能嵌入外部网页，请改用说明文字。",
    "documentPreview": "不支持文件预览组件，附件在案件页查看。",
    "html": "不能含网页代码，请改用“说明文字”组件。",
    "image": "不支持图片组件，请改用说明文字。",
}


def lint(source: bytes | str, key: str) -> list[Problem]:
    """All problems of a form file, in order; a form with none of severity ``error`` can be parsed."""
    file = f"{key}.form"
    components, reason = _components(source)
    if reason:
        return [Problem("", reason, file=file)]
    problems = list(_lint_all(components, file))
    if not any(problem.severity == "error" for problem in problems):
        problems += [*_duplicates(components, file), *_unknown_names(components, file)]
    return problems


def _components(source: bytes | str) -> tuple[list[Any], str]:
    """(components, why there are none)."""
    if len(source) > LARGEST_BYTES:
        return [], f"表单文件超过 {LARGEST_BYTES // 1024} KB。请检查是否放错了文件。"
    try:
        content = orjson.loads(source)
    except ValueError:
        return [], "不是有效的表单文件（JSON）。请用表单编辑器重新保存。"
    components = content.get("components") if isinstance(content, dict) else None
    if not isinstance(components, list):
        return [], "没有组件列表（components）。请用表单编辑器重新保存。"
    return components, ""


def _lint_all(components: Sequence[Any], file: str, holder: str = "", depth: int = 0) -> Iterator[Problem]:
    """The problems of the components and of those they hold; `holder` is the type that holds them."""
    if depth > DEEPEST:
        yield Problem("", f"分组嵌套超过 {DEEPEST} 层。请减少层次。", file=file)
        return
    for component in components:
        if not isinstance(component, dict):
            yield Problem("", "有一个组件的内容不是对象。请用表单编辑器重新保存。", file=file)
            continue
        where = lint_common.name_of(component)
        yield from (Problem(where, sentence, file=file) for sentence in _lint_one(component, holder))
        inner = component.get("components")
        if component.get("type") in ("group", "dynamiclist"):
            if isinstance(inner, list):
                within = _within(holder, component)
                yield from _lint_all(inner, file, within, depth + 1)
            else:
                yield Problem(where, "分组或列表里没有组件。请添加，或删除它。", file=file)


def _within(holder: str, component: Mapping[str, Any]) -> str:
    """What kind of holder the children of a component stand in; a row within a row is refused there."""
    if holder in ("dynamiclist", "fixed list", "grid"):
        return holder
    if component["type"] != "dynamiclist":
        return "group"
    properties = component.get("properties") or {}
    if properties.get("grid"):
        return "grid"
    return "fixed list" if properties.get("fixed") == "true" else "dynamiclist"


def _lint_one(component: Mapping[str, Any], holder: str) -> Iterator[str]:
    kind = component.get("type")
    if kind == "button":
        return
    if not is_registered(kind):
        yield _REFUSED.get(kind if isinstance(kind, str) else "", f"不支持的组件“{kind}”。请换用其他组件。")
        return
    wrong_shape = list(lint_common.shape(component))
    yield from wrong_shape
    if wrong_shape:
        return
    own = type_of(component)
    yield from lint_common.words(component, own)
    yield from lint_common.key(component, own)
    yield from lint_common.properties(component)
    yield from _condition(component)
    yield from _required_rows(component)
    yield from own.lint(component)
    if holder in ("dynamiclist", "fixed list"):
        yield from lint_common.in_row(component, fixed=holder == "fixed list")
    elif holder == "grid":
        yield from lint_common.in_grid(component)


def _condition(component: Mapping[str, Any]) -> Iterator[str]:
    hide = (component.get("conditional") or {}).get("hide")
    if hide is None or isinstance(hide, bool) or hide == "":
        return
    if not isinstance(hide, str) or not hide.lstrip().startswith("="):
        yield '显示条件应以“=”开头，例如 =not(route = "合并")。'
        return
    try:
        compile_feel(hide)
    except FeelError as error:
        yield f"显示条件不在可用范围内：{error}。"


def _required_rows(component: Mapping[str, Any]) -> Iterator[str]:
    for _, condition in needs((component.get("properties") or {}).get("requireIf") or ""):
        try:
            compile_feel(condition)
        except FeelError as error:
            yield f"“requireIf”里的条件不在可用范围内：{error}。"


def _walk(components: Sequence[Mapping[str, Any]], path: str = "") -> Iterator[tuple[str, Mapping[str, Any]]]:
    """(full name, component) of everything that has a key or a path."""
    for component in components:
        if component["type"] == "button":
            continue
        is_container = issubclass(field_type(component["type"]), Container)
        own = component.get("path" if is_container else "key") or ""
        name = f"{path}.{own}" if path and own else own or path
        if own and (is_container or field_type(component["type"]).is_answer):
            yield name, component
        yield from _walk(component.get("components") or [], name)


def _duplicates(components: Sequence[Mapping[str, Any]], file: str) -> Iterator[Problem]:
    seen: set[str] = set()
    for name, component in _walk(components):
        if name in seen:
            where = lint_common.name_of(component)
            yield Problem(
                where, f"标识“{name}”用了不止一次，后填的会盖掉先填的。请改成不同的标识。", file=file
            )
        seen.add(name)


def _unknown_names(components: Sequence[Mapping[str, Any]], file: str) -> Iterator[Problem]:
    """A misspelt name in a condition is null and hides or shows a field for ever: worth a warning."""
    known = {name for name, _ in _walk(components)}
    for component in _all(components):
        hide = (component.get("conditional") or {}).get("hide")
        if isinstance(hide, str) and hide:
            for name in sorted(compile_feel(hide).names - known):
                text = f"显示条件里的“{name}”不是本表单的字段，将取案件数据中的同名变量。请确认没有写错。"
                yield Problem(lint_common.name_of(component), text, severity="warning", file=file)


def _all(components: Sequence[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    for component in components:
        yield component
        if not (component.get("properties") or {}).get("grid"):  # there a name is one of the row
            yield from _all(component.get("components") or [])
