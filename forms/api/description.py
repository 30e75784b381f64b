"""/api/v1/openapi.json: the description of the API, written from the code that answers."""

from __future__ import annotations

from typing import Any

from flask_smorest import Api
from marshmallow import Schema, fields

from forms.api.problem import PROBLEM, URN

TEXT = """督查台的接口。每个请求带接口密钥（Authorization: Bearer …），以密钥所属人员的身份办事：
看得到什么、能办什么，与其本人登录网页时相同，密钥的权限只会使之更窄。

出错时返回 application/problem+json（RFC 9457）。
列表按键翻页：把 next 的值作为 after 再取下一页，next 为 null 即到末尾。
会改动内容的请求可带 Idempotency-Key：同一键、同样内容的请求只办一次，再发时得到第一次的回答。"""

WHEN = {
    400: ("请求有误", "请求正文不是正确的 JSON。"),
    401: ("没有密钥，或密钥无效", "密钥不存在、已到期或已作废。"),
    403: ("不能做这一步", "这一步不由您办理。"),
    404: ("没有，或不在可见范围内", "您要看的内容不存在，或者不在您的查看范围内。"),
    409: ("事情已有变化", "已由 王某 于 3月2日 09:00 办理，不必再办。"),
    413: ("正文超过 2 MB", "请求正文超过 2 MB，没有处理。"),
    415: ("正文不是 JSON", "请求正文应为 application/json。"),
    422: ("内容不符合要求", "有内容不符合要求，没有保存。"),
}


class Problem(Schema):
    """A problem document (RFC 9457)."""

    type = fields.String(required=True, metadata={"description": f"出错的种类，{URN}…"})
    title = fields.String(required=True, metadata={"description": "标题"})
    status = fields.Integer(required=True, metadata={"description": "HTTP 状态码"})
    detail = fields.String(required=True, metadata={"description": "发生了什么"})
    advice = fields.String(metadata={"description": "怎样办"})
    errors = fields.Dict(
        keys=fields.String(),
        values=fields.List(fields.String()),
        metadata={"description": "请求中的位置 → 不符合之处"},
    )
    problems = fields.List(
        fields.Dict(keys=fields.String(), values=fields.String()),
        metadata={"description": "流程文件的问题：file、element、message、severity"},
    )


class Described(Api):
    """flask-smorest's description without its error handlers: those are in `problem`."""

    ERROR_SCHEMA = Problem
    DEFAULT_ERROR_RESPONSE_NAME = None

    def _register_error_handlers(self) -> None:
        """`problem.handle_problems` does."""

    def _register_responses(self) -> None:
        for status, (words, detail) in WHEN.items():
            example: dict[str, Any] = {
                "type": f"{URN}example", "title": words, "status": status, "detail": detail,
            }  # fmt: skip
            if status == 422:
                example["errors"] = {"data.reason": ["此项必填，请填写。"]}
            response = {
                "description": words,
                "content": {PROBLEM: {"schema": Problem, "example": example}},
            }
            self.spec.components.response(f"Problem{status}", response)

    def _register_pagination_header(self) -> None:
        """Lists page by key, in the body."""

    def _register_etag_headers(self) -> None:
        """Nothing is cached."""


def settings_of_the_document() -> dict[str, Any]:
    """Flask settings that flask-smorest reads."""
    return {
        "API_TITLE": "督查台",
        "API_VERSION": "v1",
        "OPENAPI_VERSION": "3.1.0",
        "OPENAPI_URL_PREFIX": "/api/v1",
        "API_SPEC_OPTIONS": {
            "info": {"description": TEXT},
            "components": {
                "securitySchemes": {
                    "bearer": {
                        "type": "http",
                        "scheme": "bearer",
                        "description": "ducha token add 签发的密钥",
                    }
                }
            },
        },
    }
