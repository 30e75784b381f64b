"""Idempotency-Key: the same request again is answered as the first time, and does nothing."""

from __future__ import annotations

import re

from flask import Request, Response, request

from forms.api.bearer import caller, database
from forms.api.problem import PROBLEM, Refusal
from forms.services import now
from supervision.once.answer import HEADER, Answered, digest_of, put, take

LONGEST_KEY = 100
KEY = r"^[!-~]+$"
REPLAYED = "Idempotent-Replayed"


def key_of(sent: Request) -> str | None:
    """The digest under which the request is kept, or None without a key. Raises Refusal for an odd one."""
    given = sent.headers.get(HEADER)
    if given is None:
        return None
    if len(given) > LONGEST_KEY or not re.match(KEY, given):
        raise Refusal(
            422, "bad-key", "幂等键不合要求", f"{HEADER} 应为 1 至 {LONGEST_KEY} 个可见的 ASCII 字符。",
            "请换一个键，例如一个 UUID。",
        )  # fmt: skip
    return digest_of(caller().actor.login.encode(), given.encode())


def before(key: str) -> Response | None:
    """The first answer, where there is one. Raises as `supervision.once.answer.take`."""
    body = request.get_data()
    digest = digest_of(request.method.encode(), request.full_path.encode(), body)
    known = take(database(), key, digest, now())
    if known is None:
        return None
    kind = "application/json" if known.status < 400 else PROBLEM
    answer = Response(known.body, known.status, mimetype=kind)
    answer.headers[REPLAYED] = "true"
    return answer


def after(key: str, answer: Response) -> None:
    """Keeps the answer, in the transaction that did the work."""
    put(database(), key, Answered(answer.status_code, answer.get_data()))
