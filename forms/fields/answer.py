"""The marshmallow side of a field type: what absent, empty and wrong mean for a form.

marshmallow lets `None` and absent values pass unseen; a form has to judge them, because a browser sends
an untouched field as nothing or as an empty string.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, missing

Validator = Callable[[Any], Any]

UNKNOWN = "表单里没有这一项。请刷新页面后重新填写。"
NOT_AN_OBJECT = "内容的格式不对。请刷新页面后重新填写。"


class FormSchema(Schema):
    """A schema that knows its fields and no others."""

    class Meta:
        unknown = RAISE

    error_messages = {"unknown": UNKNOWN, "type": NOT_AN_OBJECT}  # noqa: RUF012 (marshmallow's own spelling)


def schema_of(declared: Mapping[str, fields.Field]) -> FormSchema:
    """A schema of these fields; its class is not kept in marshmallow's register, so it can be thrown away."""
    return FormSchema.from_dict(dict(declared))()  # type: ignore[return-value]


class Answer(fields.Field):
    """One answer: `accept` turns what was sent into a value or raises; then `validators` judge it."""

    def __init__(
        self,
        accept: Callable[[Any], Any],
        *,
        empty: Any,
        required: bool,
        required_message: str,
        validators: Sequence[Validator] = (),
    ) -> None:
        super().__init__(required=False, allow_none=True, validate=list(validators))
        self.accept, self.empty, self.must, self.must_message = accept, empty, required, required_message

    def deserialize(self, value: Any, attr: Any = None, data: Any = None, **kwargs: Any) -> Any:
        answer = self.accept(None if value is missing else value)
        if type(answer) is type(self.empty) and answer == self.empty:
            if self.must:
                raise ValidationError(self.must_message)
            return copy.copy(self.empty)
        self._validate(answer)
        return answer


class Part(fields.Nested):
    """A group with a path of its own. An absent group is judged as one with nothing in it."""

    def deserialize(self, value: Any, attr: Any = None, data: Any = None, **kwargs: Any) -> Any:
        return super().deserialize({} if value is missing or value is None else value, attr, data, **kwargs)


class Rows(fields.List):
    """A list of like parts, between `least` and `most` of them."""

    def __init__(self, part: Part, *, least: int, most: int) -> None:
        super().__init__(part, allow_none=True)
        self.least, self.most = least, most

    def deserialize(self, value: Any, attr: Any = None, data: Any = None, **kwargs: Any) -> Any:
        rows = [] if value is missing or value is None else value
        if not isinstance(rows, list):
            raise ValidationError(NOT_AN_OBJECT)
        if len(rows) < self.least:
            raise ValidationError(f"至少填写 {self.least} 项，现有 {len(rows)} 项。")
        if len(rows) > self.most:
            raise ValidationError(f"最多填写 {self.most} 项，现有 {len(rows)} 项。")
        return super().deserialize(rows, attr, data, **kwargs)
