"""Reads bodies and queries strictly: JSON only, nothing unknown, every fault named with its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NoReturn

import marshmallow
import orjson
from flask import Request
from webargs.flaskparser import FlaskParser
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from forms.api.problem import Refusal

NUL = b"\\u0000"
"""PostgreSQL keeps no such character in a text."""
NO_NUL = "文字中不能有空字符（U+0000）。"


class StrictParser(FlaskParser):
    """webargs with our errors."""

    DEFAULT_UNKNOWN_BY_LOCATION = {  # noqa: RUF012 (webargs' own spelling)
        **FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION,
        "json": marshmallow.RAISE,
        "query": marshmallow.RAISE,
    }

    def load_json(self, req: Request, schema: marshmallow.Schema) -> Any:
        """Raises UnsupportedMediaType, BadRequest; Refusal 422 for texts no database keeps."""
        if req.mimetype != "application/json":
            raise UnsupportedMediaType
        try:
            body = orjson.loads(req.get_data())
        except orjson.JSONDecodeError as error:
            raise BadRequest from error
        if NUL in req.get_data() and any("\0" in text for text in _texts(body)):
            raise _invalid({"": [NO_NUL]})
        return body

    def load_querystring(self, req: Request, schema: marshmallow.Schema) -> Any:
        """Raises Refusal 422 for texts no database keeps."""
        if any("\0" in value for _, value in req.args.items(multi=True)):
            raise _invalid({"": [NO_NUL]})
        return super().load_querystring(req, schema)

    def handle_error(
        self, error: marshmallow.ValidationError, req: Request, schema: marshmallow.Schema, **kwargs: Any
    ) -> NoReturn:
        """Raises Refusal 422 with each fault's place, such as ``data.reason``."""
        messages = error.normalized_messages()
        raise _invalid(dict(_flat(messages.get("json", messages.get("query", messages)))))


def _invalid(errors: Mapping[str, list[str]]) -> Refusal:
    return Refusal(
        422, "invalid-data", "内容有误", "请求的内容不符合要求，没有处理。", "请逐条修改后重新发送。", errors
    )


def _flat(messages: Any, place: str = "") -> Iterator[tuple[str, list[str]]]:
    if isinstance(messages, Mapping):
        for key, inner in messages.items():
            part = "" if key == "_schema" else str(key)
            yield from _flat(inner, ".".join(filter(None, (place, part))))
    else:
        yield place, [str(text) for text in messages]


def _texts(value: Any) -> Iterator[str]:
    todo = [value]
    while todo:
        current = todo.pop()
        if isinstance(current, str):
            yield current
        elif isinstance(current, dict):
            todo += [*current, *current.values()]
        elif isinstance(current, list):
            todo += current
