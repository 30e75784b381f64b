"""What people see when something goes wrong: the only place that knows HTTP codes for engine errors.

A stack trace goes to the log without the values it was about: they may say who complained.
"""

from __future__ import annotations

import traceback

from flask import Flask, Response, current_app, jsonify, make_response, render_template, request
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from engine.errors import EngineError
from forms.again import said_of
from forms.chinese import Said, say
from forms.database import db, request_session
from forms.security import MOST_TEXT_MB
from forms.services import services

HTTP = {
    400: Said(400, "请求有误", "浏览器发来的内容不完整或格式不对，没有处理。", "请返回上一页，刷新后重试。"),
    401: Said(401, "请先登录", "这个页面需要登录后查看。"),
    403: Said(403, "您不能看这一页", "这个页面不在您的权限范围内。"),
    404: Said(
        404, "没有找到", "您要看的内容不存在，或者不在您的查看范围内。", "请检查网址，或从列表重新进入。"
    ),
    405: Said(405, "打开方式不对", "这个网址不能这样打开。", "请从页面上的按钮进入。"),
    429: Said(
        429,
        "提交太频繁",
        "从您所在的网络一小时内提交的次数超过了限制，这次没有处理。",
        "请过一会儿再试：按浏览器的“后退”可以回到刚才填写的内容。着急的请拨打首页上的投诉电话。",
    ),
}
OTHERWISE = Said(
    500, "系统出错了", "操作没有完成，也没有改动任何内容。", "请稍后再试；如仍出错，请联系系统管理员。"
)
FORGED = Said(
    400, "页面停留太久，请重新提交", "为防止他人冒用，页面中的校验码与您的浏览器不符，内容没有提交。",
    "请按浏览器的“后退”回到表单，刷新后再提交；如果屏蔽了 Cookie，请先允许。",
)  # fmt: skip


def handle_errors(app: Flask) -> None:
    """Registers the handlers of this file."""
    app.register_error_handler(EngineError, _engine)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unexpected)


def _engine(error: EngineError) -> Response:
    db.session.rollback()
    said = say(request_session(), error)
    if said.code >= 500:
        _log(error)
    return _answer(said)


def _http(error: HTTPException) -> Response:
    if error.response is not None:
        return make_response(error.response)
    db.session.rollback()
    code = error.code or 500
    if isinstance(error, CSRFError):
        return _answer(FORGED)
    if isinstance(error, RequestEntityTooLarge):
        most = services().settings.max_request_mb
        sentence = f"文字不能超过 {MOST_TEXT_MB} MB，连同附件不能超过 {most} MB；这次没有保存。"
        return _answer(Said(413, "内容太大", sentence, "请减少文字，或减少、压缩附件后重试。"))
    return _answer(HTTP.get(code, Said(code, OTHERWISE.title, OTHERWISE.sentence, OTHERWISE.advice)))


def _unexpected(error: Exception) -> Response:  # the outermost edge: whatever it is, people get a sentence
    db.session.rollback()
    if said := said_of(error):
        return _answer(said)
    _log(error)
    return _answer(OTHERWISE)


def _log(error: BaseException) -> None:
    frames = "".join(traceback.format_tb(error.__traceback__))
    current_app.logger.error("%s in %s\n%s", type(error).__name__, request.endpoint, frames)


def _answer(said: Said) -> Response:
    if _wants_json():
        response = jsonify({"error": said.sentence, "title": said.title, "advice": said.advice})
    else:
        inside = current_user.is_authenticated
        back = ("/inbox", "回到待办") if inside else ("/", "回到首页")
        shell = "base.html" if inside else "public_base.html"
        response = make_response(
            render_template(
                "error.html", shell=shell, said=said, code=said.code, title=said.title, message=said.sentence,
                advice=said.advice, details=said.details, back_url=back[0], back_label=back[1],
            )
        )  # fmt: skip
    response.status_code = said.code
    return response


def _wants_json() -> bool:
    return request.is_json or request.accept_mimetypes.best == "application/json"
