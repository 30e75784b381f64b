"""Paging by key: a page begins behind a row, never at a number, so that none is skipped or repeated."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, TypeVar

import orjson

from forms.api.problem import Refusal

Row = TypeVar("Row")


def page(rows: Sequence[Row], limit: int, key: Callable[[Row], Sequence[Any]]) -> dict[str, Any]:
    """One page out of `limit` + 1 rows that were asked for; `key` is what the next page begins behind."""
    shown = rows[:limit]
    return {"items": shown, "next": encode(*key(shown[-1])) if len(rows) > limit else None}


def encode(*key: Any) -> str:
    """An opaque word for a row's key."""
    return base64.urlsafe_b64encode(orjson.dumps(key)).decode().rstrip("=")


def decode(word: str, *kinds: type) -> Sequence[Any] | None:
    """The key a word stands for, of texts, numbers, instants and None; None for the beginning.

    Raises:
        Refusal: it is no word of ours.
    """
    if not word:
        return None
    try:
        key = orjson.loads(base64.urlsafe_b64decode(word + "=" * (-len(word) % 4)))
        if not isinstance(key, list) or len(key) != len(kinds):
            raise ValueError(word)
        return [_of_kind(value, kind) for value, kind in zip(key, kinds, strict=True)]
    except (ValueError, binascii.Error) as error:
        raise Refusal(
            422, "bad-cursor", "翻页标记无效", "after 不是本接口给出的翻页标记。",
            "请原样使用上一页的 next；从头开始则不要写 after。", {"after": ["不是有效的翻页标记。"]},
        ) from error  # fmt: skip


def _of_kind(value: Any, kind: type) -> Any:
    if value is None and kind is datetime:
        return None
    if kind is datetime and isinstance(value, str):
        moment = datetime.fromisoformat(value)
        if moment.utcoffset() is None:
            raise ValueError(value)
        return moment
    if type(value) is not kind or (isinstance(value, str) and "\0" in value):
        raise ValueError(value)
    if isinstance(value, int) and not 0 <= value < 2**31:
        raise ValueError(value)
    return value
