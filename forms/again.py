"""A request whose transaction lost to another one is done once more, from its start; then it gets a sentence.

Two transactions that wait for each other's cases are told apart by PostgreSQL, which ends one of them
(deadlock). Nothing of that one is left, so the same request may simply run again.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask, request
from sqlalchemy.exc import DBAPIError

from engine.store.clash import again, busy, taken
from forms.chinese import Said

TIMES = 3
BUSY = Said(
    503, "系统正忙", "数据库暂时没有应答，操作没有完成，也没有改动任何内容。",
    "请按浏览器的“后退”，稍等片刻后再提交一次。",
)  # fmt: skip
TAKEN = Said(
    409,
    "同样的内容刚刚已经保存",
    "另一个人或另一个窗口刚刚做了同样的操作，这次没有保存。",
    "请刷新页面查看最新情况。",
)


def repeat_lost(app: Flask, rollback: Callable[[], None]) -> None:
    """Wraps the calling of views; `rollback` takes back what the request's session holds."""
    dispatch: Callable[..., Any] = app.dispatch_request

    def patient(*given: Any) -> Any:
        for left in reversed(range(TIMES)):
            try:
                return dispatch(*given)
            except DBAPIError as error:
                if not left or not again(error):
                    raise
                rollback()
                for upload in request.files.values():
                    upload.stream.seek(0)  # it was read to its end
        raise AssertionError("the last time returns or raises")

    app.dispatch_request = patient  # type: ignore[method-assign]


def said_of(error: BaseException) -> Said | None:
    """The answer to a database error that is nobody's fault; None for all others."""
    if taken(error):
        return TAKEN
    return BUSY if busy(error) else None
