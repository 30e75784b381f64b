"""A group of operations: each says its scope, what it takes, what it gives, and what can go wrong.

An operation's transaction is opened by `bearer.admit` and committed here, once, after its answer was made.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from typing import Any

from flask import Response, request
from flask_smorest import Blueprint
from marshmallow import Schema

from engine.errors import StepFailed
from forms.api import once
from forms.api.bearer import database, need_scope
from forms.api.parser import StrictParser
from forms.api.problem import problem_of
from forms.database import READING
from supervision.once.answer import HEADER

View = Callable[..., Any]
ALWAYS = (401, 403)
KEY = {
    "in": "header", "name": HEADER, "required": False,
    "description": "同一键、同样内容的请求只办一次；键由调用方生成，例如一个 UUID",
    "schema": {"type": "string", "minLength": 1, "maxLength": once.LONGEST_KEY, "pattern": once.KEY},
    "example": "5f0c1f6e-8a3b-4d0e-9a55-3f4c2f6f7d10",
}  # fmt: skip


class Resource(Blueprint):
    """flask-smorest's blueprint with our own way to declare an operation."""

    ARGUMENTS_PARSER = StrictParser()

    def operation(
        self,
        method: str,
        rule: str,
        *,
        scope: str,
        gives: type[Schema] | None,
        status: int = 200,
        body: type[Schema] | None = None,
        query: type[Schema] | None = None,
        problems: Sequence[int] = (),
        takes: Mapping[str, Any] | None = None,
        example: Any = None,
        kinds: Sequence[str] = (),
    ) -> Callable[[View], View]:
        """Registers a view. `takes` is an example of the body, `example` one of the answer; `kinds`
        are the media types of a file.

        The view is called with the checked query, the checked body (where there are any) and the parts of the
        address. Its docstring is the operation's summary and description.
        """
        writes = method not in READING
        known = {*ALWAYS, *problems} | ({422} if query or body or writes else set())
        known |= {400, 413, 415} if body else set()

        def register(view: View) -> View:
            documented = self.response(status, gives, example=example)(view)
            for kind in kinds:
                documented = self.alt_response(status, schema={"type": "string"}, content_type=kind)(
                    documented
                )
            if body:
                documented = self.arguments(body, example=takes)(documented)
            if query:
                documented = self.arguments(query, location="query")(documented)
            documented = self.doc(
                operationId=view.__name__,
                security=[{"bearer": []}],
                responses={
                    str(code): {"$ref": f"#/components/responses/Problem{code}"} for code in sorted(known)
                },
                **({"parameters": [KEY]} if writes and not query else {}),
                **{"x-scope": scope},
            )(documented)
            done = _done(documented, scope, writes)
            self.route(rule, methods=[method])(done)
            return view

        return register


def _done(view: View, scope: str, writes: bool) -> View:
    @wraps(view)
    def reading(**parts: Any) -> Response:
        need_scope(scope)
        return view(**parts)

    @wraps(view)
    def writing(**parts: Any) -> Response:
        need_scope(scope)
        key = once.key_of(request)
        if key and (known := once.before(key)):
            return known
        try:
            answer: Response = view(**parts)
        except StepFailed as failure:  # the engine undid the step itself; its incident is to stay
            answer = problem_of(failure)
        if key:
            once.after(key, answer)
        database().commit()
        return answer

    return writing if writes else reading
