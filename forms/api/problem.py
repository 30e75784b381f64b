"""Errors as programs read them: application/problem+json (RFC 9457), with the pages' sentences."""

from __future__ import annotations

import re
import traceback
from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from flask import Flask, Response, current_app, g, request
from werkzeug.exceptions import HTTPException

from engine.errors import CalendarMissing, DiagramError, EngineError, InvalidData, StepFailed
from engine.store.visibility import SYSTEM, see_as
from forms.again import said_of
from forms.chinese import Said, say
from forms.errors import OTHERWISE

PROBLEM = "application/problem+json"
URN = "urn:ducha:problem:"

KINDS = {409: "conflict", 503: "busy"}
"""What became of database errors that are nobody's fault."""
Errors = Mapping[str, Sequence[str]]


class Refusal(Exception):
    """A request that is answered with a problem before the engine is asked."""

    def __init__(
        self,
        status: int,
        kind: str,
        title: str,
        detail: str,
        advice: str = "",
        errors: Errors | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(f"{status} {kind}")
        self.status, self.kind, self.title, self.detail, self.advice = status, kind, title, detail, advice
        self.errors, self.headers = errors, headers or {}


HTTP = {
    400: Said(400, "请求有误", "请求不完整或格式不对，没有处理。", "请对照接口说明检查请求。"),
    404: Said(404, "没有这个地址", "接口没有这个地址。", "请对照 /api/v1/openapi.json 检查网址。"),
    405: Said(405, "方法不对", "这个地址不接受这种请求方法。", "允许的方法见响应头 Allow。"),
    413: Said(413, "内容太大", "请求正文超过 2 MB，没有处理。", "请减少内容后重试。"),
    415: Said(415, "格式不支持", "请求正文应为 application/json。", "请设置 Content-Type 后重试。"),
}


def handle_problems(app: Flask) -> None:
    """Registers the handlers of this file."""
    app.register_error_handler(Refusal, _refused)
    app.register_error_handler(EngineError, _engine)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unexpected)


def problem(
    status: int,
    kind: str,
    title: str,
    detail: str,
    advice: str = "",
    errors: Errors | None = None,
    **more: Any,
) -> Response:
    """One problem document; `errors` maps places in the request to sentences."""
    body: dict[str, Any] = {"type": URN + kind, "title": title, "status": status, "detail": detail}
    if advice:
        body["advice"] = advice
    if errors:
        body["errors"] = {field: list(texts) for field, texts in errors.items()}
    return Response(orjson.dumps({**body, **more}), status, mimetype=PROBLEM)


def problem_of(error: EngineError) -> Response:
    """The problem an engine's error becomes; people's names in it are looked up with the system's eyes."""
    said = say(see_as(g.session, SYSTEM), error)
    kind = re.sub(r"(?<=[a-z])(?=[A-Z])", "-", type(error).__name__).lower()
    # what fails in a step is the state of the case, its diagram or its calendar, not of this server
    status = 409 if isinstance(error, StepFailed | CalendarMissing) else said.code
    errors = error.errors if isinstance(error, InvalidData) else None
    more = {}
    if isinstance(error, DiagramError):
        more["problems"] = [
            {"file": p.file, "element": p.element_id, "message": p.message, "severity": p.severity}
            for p in error.problems
        ]
    return problem(status, kind, said.title, said.sentence, said.advice, errors, **more)


def _refused(refusal: Refusal) -> Response:
    undo()
    answer = problem(
        refusal.status, refusal.kind, refusal.title, refusal.detail, refusal.advice, refusal.errors
    )
    answer.headers.extend(refusal.headers)
    return answer


def _engine(error: EngineError) -> Response:
    undo()
    answer = problem_of(error)
    if answer.status_code >= 500:
        _log(error)
    return answer


def _http(error: HTTPException) -> Response:
    undo()
    code = error.code or 500
    said = HTTP.get(code, Said(code, OTHERWISE.title, OTHERWISE.sentence, OTHERWISE.advice))
    answer = problem(code, f"http-{code}", said.title, said.sentence, said.advice)
    answer.headers.extend(
        [(name, value) for name, value in error.get_headers() if name.lower() in ("allow", "location")]
    )
    return answer


def _unexpected(error: Exception) -> Response:  # the outermost edge: programs get a problem, whatever it is
    undo()
    if said := said_of(error):
        return problem(said.code, KINDS[said.code], said.title, said.sentence, said.advice)
    _log(error)
    return problem(500, "internal", OTHERWISE.title, OTHERWISE.sentence, OTHERWISE.advice)


def undo() -> None:
    """Takes back what the request's session holds."""
    if "session" in g:
        g.session.rollback()


def _log(error: BaseException) -> None:
    """Without the values it was about: they may say who complained."""
    frames = "".join(traceback.format_tb(error.__traceback__))
    current_app.logger.error("%s in %s\n%s", type(error).__name__, request.endpoint, frames)
