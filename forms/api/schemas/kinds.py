"""Kinds of values in requests and answers, each with its Chinese sentences and description."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, validate

NEEDED = "缺少这一项，请补上。"
NOT_NULL = "这一项不能为 null。"
TEXT: dict[str, Any] = {
    "required": NEEDED,
    "null": NOT_NULL,
    "invalid": "应为文字。",
    "invalid_utf8": "应为 UTF-8 文字。",
}
NUMBER: dict[str, Any] = {
    "required": NEEDED,
    "null": NOT_NULL,
    "invalid": "应为整数。",
    "too_large": "数字太大。",
}
OBJECT: dict[str, Any] = {"required": NEEDED, "null": NOT_NULL, "invalid": "应为 JSON 对象。"}
MOST_ITEMS = 100
MOST_WORD = 200


class Body(Schema):
    """What a request holds: nothing but what is declared."""

    error_messages = {  # noqa: RUF012 (marshmallow's own spelling)
        "unknown": "没有这一项，请去掉。",
        "type": "应为 JSON 对象。",
    }


class Page(Body):
    """Which part of a list."""

    limit = fields.Integer(
        strict=False,
        load_default=20,
        validate=validate.Range(1, MOST_ITEMS, error=f"应为 1 至 {MOST_ITEMS}。"),
        error_messages=NUMBER,
        metadata={"description": "最多几项", "example": 20},
    )
    after = fields.String(
        load_default="",
        validate=validate.Length(max=MOST_WORD, error=f"最多 {MOST_WORD} 个字符。"),
        error_messages=TEXT,
        metadata={"description": "上一页的 next；不写即从头开始"},
    )


def text(
    about: str, *, most: int = MOST_WORD, least: int = 0, example: Any = None, **kwargs: Any
) -> fields.String:
    """A text in a request, of `least` to `most` characters."""
    span = f"{least} 至 {most}" if least else f"最多 {most}"
    return fields.String(
        validate=validate.Length(least, most, error=f"应为 {span} 个字符。"),
        error_messages=TEXT,
        metadata=_about(about, example),
        **kwargs,
    )


def anything(about: str, *, example: Any = None, **kwargs: Any) -> fields.Raw:
    """Any JSON value in a request."""
    return fields.Raw(error_messages=TEXT, metadata=_about(about, example), **kwargs)


def variables(about: str, *, example: Any = None, **kwargs: Any) -> fields.Dict:
    """A JSON object of variables by name, in a request or an answer."""
    return fields.Dict(keys=fields.String(), error_messages=OBJECT, metadata=_about(about, example), **kwargs)


def word(about: str, *, example: Any = None, null: bool = False) -> fields.String:
    """A text in an answer."""
    return fields.String(required=True, allow_none=null, metadata=_about(about, example))


def number(about: str, *, example: Any = None) -> fields.Integer:
    """A whole number in an answer."""
    return fields.Integer(required=True, metadata=_about(about, example))


def yes(about: str) -> fields.Boolean:
    """A truth value in an answer."""
    return fields.Boolean(required=True, metadata=_about(about, None))


def instant(about: str, *, null: bool = False) -> fields.DateTime:
    """An instant in an answer, ISO 8601 in UTC."""
    return fields.DateTime("iso", required=True, allow_none=null, metadata=_about(about, None))


def day(about: str, *, null: bool = False) -> fields.Date:
    """A date (Asia/Shanghai) in an answer."""
    return fields.Date(required=True, allow_none=null, metadata=_about(about, None))


def page_of(item: type[Schema]) -> type[Schema]:
    """The schema of one page of a list."""
    return Schema.from_dict(
        {
            "items": fields.List(fields.Nested(item), required=True),
            "next": word("下一页的 after；null 即没有了", null=True),
        },
        name=f"{item.__name__}Page",
    )


def _about(about: str, example: Any) -> dict[str, Any]:
    return {"description": about} if example is None else {"description": about, "example": example}
