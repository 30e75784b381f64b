"""Draws a form for filling in, and answers for reading, each field by its own template.

The templates have an environment of their own: they need neither a request nor an application.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from forms.fields import NO_SOURCES, FieldContext, FieldType, Sources
from forms.fields.dynamic_list import DynamicList
from forms.fields.group import Group
from forms.fields.item_grid import ItemGrid
from forms.schema import paths
from forms.schema.form import FormFile
from forms.schema.visible import hidden_among


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("forms"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )


class _Drawing:
    """One drawing of one form: what is the same for all its fields."""

    def __init__(self, errors: Mapping[str, str], context: FieldContext, prefix: str) -> None:
        self.errors, self.context, self.prefix = errors, context, prefix

    def all_of(self, components: tuple[FieldType, ...], values: Any, within: str) -> Markup:
        """The components, one after the other."""
        known = values if isinstance(values, Mapping) else {}
        return Markup("").join(self.one(component, known, within) for component in components)

    def one(self, component: FieldType, values: Mapping[str, Any], within: str) -> Markup:
        """One component. `within` is the prefix of its name."""
        name = within + component.key
        value = values.get(component.key)
        extra = dict(component.context(value, self.context))
        if isinstance(component, Group):
            inner = values.get(component.key) if component.key else values
            extra["body"] = self.all_of(component.children, inner, component.inner(within))
        elif isinstance(component, DynamicList):
            extra["bodies"] = [
                self.all_of(component.children, row, component.row_prefix(within, index))
                for index, row in enumerate(extra["rows"])
            ]
        elif isinstance(component, ItemGrid):
            extra["groups"] = [
                (
                    group,
                    [
                        (
                            row,
                            self.all_of(
                                component.children, row.values, component.row_prefix(within, row.index)
                            ),
                        )
                        for row in rows
                    ],
                )
                for group, rows in extra["groups"]
            ]
        template = (
            component.given_template if component.readonly and component.is_answer else component.template
        )
        return Markup(
            _environment()
            .get_template(template)
            .render(
                f=component,
                name=name,
                id=paths.field_id(name, self.prefix),
                error=self.errors.get(name, ""),
                errors=self.errors,
                shown=component.shows(value, self.context),
                **extra,
            )
        )


def render_form(
    form: FormFile,
    values: Mapping[str, Any],
    errors: Mapping[str, str],
    sources: Sources = NO_SOURCES,
    today: date | None = None,
    prefix: str = "",
) -> Markup:
    """The fields of a form, without ``<form>`` and buttons.

    `values` are raw or clean answers (see `FormFile.initial`), `errors` those of `FormFile.check`;
    `prefix` tells the ids of two forms on one page apart.
    """
    return _Drawing(errors, FieldContext(sources, today), prefix).all_of(form.components, values, "")


def render_answers(
    form: FormFile, data: Mapping[str, Any], sources: Sources = NO_SOURCES, *, given_only: bool = False
) -> Markup:
    """The answers as a definition list, in the order of the form; hidden fields are left out.

    `given_only` leaves out what was not filled in, too.
    """
    lines = [
        line for line in _lines(form, data, FieldContext(sources)) if not given_only or line[2] == "given"
    ]
    return Markup(_environment().get_template("fields/answers.html").render(lines=lines))


def _lines(form: FormFile, data: Mapping[str, Any], context: FieldContext) -> Iterator[tuple[str, str, str]]:
    """(label, answer in words, how it stands: given, empty or sealed)."""
    hidden = hidden_among(form.components, data)
    for path, leaf in form.leaves():
        if id(leaf) in hidden:
            continue
        value = paths.get(data, path)
        if value is paths.ABSENT and leaf.sealed:
            yield leaf.label, "已封存，在此不显示", "sealed"
            continue
        words = "" if value is paths.ABSENT else leaf.shows(value, context)
        yield leaf.label, words or "未填写", "given" if words else "empty"
