"""Judges raw answers: builds the schema of what is visible, and words what it finds wrong."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from contextvars import ContextVar
from datetime import date
from functools import lru_cache
from typing import Any

from marshmallow import ValidationError, fields

from forms.fields import FieldContext, FieldType, FileRef, GridItem, Option, Sources
from forms.fields.answer import NOT_AN_OBJECT, FormSchema
from forms.fields.dynamic_list import DynamicList
from forms.schema import paths, rows
from forms.schema.visible import hidden_among

UNKNOWN_NAME = "提交了表单里没有的内容。请刷新页面后重新填写。"

Leaves = Sequence[tuple[tuple[str, ...], FieldType]]


def judge(
    components: Sequence[FieldType], raw: Any, data: Mapping[str, Any], context: FieldContext
) -> tuple[dict[str, Any], dict[str, str]]:
    """(clean answers, Chinese sentence by field name); see `FormFile.check`."""
    if not isinstance(raw, Mapping):
        return {}, {"": NOT_AN_OBJECT}
    hidden = hidden_among(components, {**data, **raw})
    leaves = [leaf for component in components for leaf in component.leaves()]
    schema = _schema(tuple(components), frozenset(hidden), context.today)
    asking = _asked.set(context.sources)
    try:
        clean = schema.load(_to_be_judged(raw, data, leaves, hidden))
    except ValidationError as error:
        return {}, _worded(error.normalized_messages(), leaves)
    finally:
        _asked.reset(asking)
    wrong: dict[str, str] = {}
    for path, leaf in leaves:
        if id(leaf) in hidden and not leaf.readonly:
            paths.put(clean, path, copy.copy(leaf.empty))
        elif isinstance(leaf, DynamicList) and not leaf.readonly:
            wrong |= _finish_rows(clean, data, path, leaf)
    return ({}, wrong) if wrong else (clean, {})


def _finish_rows(
    clean: dict[str, Any], data: Mapping[str, Any], path: tuple[str, ...], component: DynamicList
) -> dict[str, str]:
    """Puts given rows under the answers; what the answers of a row make necessary, by field name."""
    answers = paths.get(clean, path)
    if component.fixed:
        answers = rows.laid_over(component, rows.given_rows(component, data), answers)
        paths.put(clean, path, answers)
    name = paths.field_name(path)
    return {f"{name}-{place}.{key}": said for place, key, said in rows.lacking(component, answers)}


class _Asked:
    """The sources of whoever is being judged: a schema serves many."""

    def options(self, source: str, properties: Mapping[str, str]) -> Sequence[Option]:
        return _asked.get().options(source, properties)

    def files(self, ids: Sequence[str]) -> Sequence[FileRef]:
        return _asked.get().files(ids)

    def grid(self, properties: Mapping[str, str]) -> Sequence[GridItem]:
        return _asked.get().grid(properties)


_asked: ContextVar[Sources] = ContextVar("sources of a form")


@lru_cache(maxsize=512)
def _schema(components: tuple[FieldType, ...], hidden: frozenset[int], today: date | None) -> FormSchema:
    """Made once for a form, what is hidden of it, and a day: making one costs as much as judging with it."""
    context = FieldContext(_Asked(), today)
    declared: dict[str, fields.Field] = {}
    for component in components:
        if id(component) not in hidden:
            declared |= component.declares(context, lambda item: id(item) not in hidden)
    return FormSchema(declared)


def _to_be_judged(
    raw: Mapping[str, Any], data: Mapping[str, Any], leaves: Leaves, hidden: set[int]
) -> dict[str, Any]:
    """The raw answers without hidden and read-only fields and without untouched rows."""
    answers = paths.copied(raw)
    for path, leaf in leaves:
        if leaf.readonly or id(leaf) in hidden:
            paths.drop(answers, path)
            _drop_empty_groups(answers, path[:-1])
        elif isinstance(leaf, DynamicList) and leaf.fixed:
            given = rows.given_rows(leaf, data)
            paths.put(answers, path, rows.typed_only(leaf, given, paths.get(answers, path)))
        elif isinstance(leaf, DynamicList):
            rows.drop_blank(answers, path)
    return answers


def _drop_empty_groups(answers: dict[str, Any], path: Sequence[str]) -> None:
    """A group of which nothing is left may not be declared any more."""
    for length in range(len(path), 0, -1):
        if paths.get(answers, path[:length]) == {}:
            paths.drop(answers, path[:length])


def _worded(messages: Mapping[Any, Any], leaves: Leaves) -> dict[str, str]:
    """Messages by name. Unknown names go together under ``''``, for they have no place on the page."""
    heads = {path[0] for path, _ in leaves}
    return dict(
        (name, message) if paths.head(name) in heads else ("", UNKNOWN_NAME)
        for name, message in paths.flat_messages(messages)
    )
