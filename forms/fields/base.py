"""The base of all field types: how a component is validated, read, drawn, shown and linted.

A field type is made once per component of a form file and never changes afterwards. Components that hold
others (group, dynamiclist) override the tree methods at the end; all others override the leaf methods.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, ClassVar

from marshmallow import fields
from werkzeug.datastructures import MultiDict

from forms.fields.answer import Answer, Validator
from forms.fields.sources import FieldContext

Posted = MultiDict[str, str]
Shown = Callable[["FieldType"], bool]
"""Whether a component is visible with the answers given."""


class FieldType:
    """One component. Subclasses are registered by the form-js name of their type."""

    type: ClassVar[str] = ""
    label_zh: ClassVar[str] = ""
    template: ClassVar[str] = ""
    given_template: ClassVar[str] = "fields/given.html"
    """How it is drawn where it cannot be typed."""
    is_answer: ClassVar[bool] = True
    """Whether it takes an answer of its own, under `key`."""
    empty: Any = None
    """The value of an untouched or hidden field."""
    required_message: ClassVar[str] = "此项必填，请填写。"
    children: tuple[FieldType, ...] = ()

    def __init__(self, component: Mapping[str, Any]) -> None:
        self.component = component
        self.key: str = component.get("key") or ""
        self.label: str = component.get("label") or ""
        self.hint: str = component.get("description") or ""
        self.rules: Mapping[str, Any] = component.get("validate") or {}
        self.required = self.rules.get("required") is True
        self.properties: Mapping[str, str] = component.get("properties") or {}
        self.hide: str | bool | None = (component.get("conditional") or {}).get("hide")
        self.readonly = component.get("readonly") is True or component.get("disabled") is True
        """What cannot be typed is drawn as text, and what is sent for it is not looked at."""
        self.sealed: str = self.properties.get("sealed", "")
        self.missing = self.properties.get("requiredMessage") or self.required_message
        """What is said of an empty required field; the form may word it itself."""

    # validated
    def convert(self, value: Any, context: FieldContext) -> Any:
        """The value in its final, JSON-able form, or `empty`. Raises ValidationError, in Chinese."""
        raise NotImplementedError

    def validators(self, context: FieldContext) -> Sequence[Validator]:
        """Judges of a converted, non-empty value; each raises ValidationError."""
        return ()

    def loads(self, context: FieldContext) -> fields.Field:
        """The marshmallow field of this component."""
        return Answer(
            partial(self.convert, context=context),
            empty=self.empty,
            required=self.required,
            required_message=self.missing,
            validators=self.validators(context),
        )

    # read, drawn, shown
    def read(self, posted: Posted, name: str) -> Any:
        """The raw answer among posted values: typed where it can be, else as it was typed."""
        return posted.get(name, "")

    def context(self, value: Any, context: FieldContext) -> Mapping[str, Any]:
        """What the template needs beside the field itself; never raises, whatever the value is."""
        return {}

    def shows(self, value: Any, context: FieldContext) -> str:
        """The answer in words, for reading; never raises. An empty answer is an empty text."""
        return "" if value is None else str(value)

    def in_condition(self, value: Any) -> Any:
        """A raw or clean answer as `conditional.hide` sees it: an empty text is null, as in the browser."""
        return None if isinstance(value, str) and not value else value

    # linted
    @classmethod
    def lint(cls, component: Mapping[str, Any]) -> Iterator[str]:
        """Sentences about what cannot be mirrored on the server; the common checks are in `schema/lint`."""
        yield from ()

    # as part of a tree
    def declares(self, context: FieldContext, shown: Shown) -> dict[str, fields.Field]:
        """The marshmallow fields this component and its visible children add to the schema around it."""
        return {self.key: self.loads(context)} if self.is_answer and not self.readonly else {}

    def reads(self, posted: Posted, prefix: str) -> dict[str, Any]:
        """The raw answers of this component and its children."""
        if not self.is_answer or self.readonly:
            return {}
        return {self.key: self.read(posted, prefix + self.key)}

    def names(self, posted: Posted, prefix: str) -> Iterator[str]:
        """The names among `posted` that belong to this component and its children."""
        if self.is_answer:
            yield prefix + self.key

    def leaves(self, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], FieldType]]:
        """Each answer with the path of keys that leads to it; a dynamic list is one answer."""
        if self.is_answer:
            yield (*path, self.key), self
