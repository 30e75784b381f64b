"""The marshmallow side of a field type: what absent, empty and wrong mean for a form.

marshmallow lets `None` and absent values pass unseen; a form has to judge them, because a browser sends
an untouched field as nothing or as an empty string.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from marshmallow import ValidationError, fields, missing

Validator = Callable[[Any], Any]

UNKNOWN = "表单里没有这一项。请刷新页面后重新填写。"
NOT_AN_OBJECT = "内容的格式不对。请刷新页面后重新填写。"


class FormSchema:
    """Knows its fields and no others.

    It does what marshmallow's Schema does for these fields, without hooks, renaming and partial loading: a
    form with rows is judged in half the time, and forms are most of what completing a task costs.
    """

    def __init__(self, declared: Mapping[str, fields.Field]) -> None:
        self._fields = dict(declared)

    def load(self, answers: Any) -> dict[str, Any]:
        """The clean answers. Raises ValidationError with messages by field."""
        if not isinstance(answers, Mapping):
            raise ValidationError({"_schema": [NOT_AN_OBJECT]})
        clean: dict[str, Any] = {}
        wrong: dict[Any, Any] = {}
        for name, field in self._fields.items():
            try:
                clean[name] = field.deserialize(answers.get(name, missing), name, answers)
            except ValidationError as error:
                wrong[name] = error.messages
        wrong |= {name: [UNKNOWN] for name in answers if name not in self._fields}
        if wrong:
            raise ValidationError(wrong)
        return clean


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
        super().__init__(required=False, allow_none=True)
        self.accept, self.empty, self.must, self.must_message = accept, empty, required, required_message
        self.judges = tuple(validators)

    def deserialize(self, value: Any, attr: Any = None, data: Any = None, **kwargs: Any) -> Any:
        answer = self.accept(None if value is missing else value)
        if type(answer) is type(self.empty) and answer == self.empty:
            if self.must:
                raise ValidationError(self.must_message)
            return copy.copy(self.empty)
        for judge in self.judges:
            judge(answer)
        return answer


class Part(fields.Field):
    """A group with a path of its own. An absent group is judged as one with nothing in it."""

    def __init__(self, schema: FormSchema) -> None:
        super().__init__()
        self._schema = schema

    def deserialize(self, value: Any, attr: Any = None, data: Any = None, **kwargs: Any) -> Any:
        return self._schema.load({} if value is missing or value is None else value)


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
