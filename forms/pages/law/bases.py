"""The pages 法律依据: the library, and one basis with its versions and everything that cites it."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for

from engine.errors import Conflict, InvalidData
from forms.chinese import name_of
from forms.database import acting, request_session
from forms.pages.blueprints import staff
from forms.pages.law.found import DRAWN, KEEPERS, READERS, WHY, WHY_KEEP, address, uses
from forms.services import now
from forms.signed_in import demand, person
from supervision.basis.basis import KINDS, parse_basis
from supervision.basis.cited import codes_of
from supervision.basis.expiring import doubts
from supervision.basis.versions import bases as all_bases
from supervision.basis.versions import basis, basis_versions, change_basis

LARGEST = 64 * 1024


@staff.get("/bases")
def bases() -> Any:
    """法律依据：本办法和所引的法律. Source: R1, RQ-01"""
    demand(WHY, *READERS)
    citing = [code for use in uses() for code in codes_of([use.cited])]
    rows = [(one, citing.count(one.code)) for one in all_bases(request_session()).values()]
    kinds: dict[str, list[Any]] = {}
    for one, many in sorted(rows, key=lambda row: (KINDS.index(row[0].kind), row[0].code)):
        kinds.setdefault(one.kind, []).append((one, many))
    return render_template("bases.html", kinds=kinds, doubtful=doubts(all_bases(request_session()).get("R")))


@staff.get("/bases/<code>")
def bases_one(code: str) -> Any:
    demand(WHY, *READERS)
    return _one(code)


@staff.post("/bases/<code>")
def bases_one_post(code: str) -> Any:
    """A new version, as text."""
    demand(WHY_KEEP, *KEEPERS)
    session, form = request_session(), request.form
    text, reason = form.get("text", "").replace("\r\n", "\n")[:LARGEST], form.get("reason", "")[:300]
    try:
        if parse_basis(text).code != code:
            raise InvalidData(
                {"code": [f"code 应为“{code}”：一个依据的代号不能改，另一个依据请另立一个文件。"]}
            )
        with acting(session):
            change_basis(session, text, reason=reason, by=person().actor, now=now())
    except (InvalidData, Conflict) as refused:
        session.rollback()
        errors = refused.errors.values() if isinstance(refused, InvalidData) else [[str(refused)]]
        return _one(code, text, reason, [line for lines in errors for line in lines]), 422
    session.commit()
    flash("已发布新版本。", "success")
    return redirect(url_for("staff.bases_one", code=code), 303)


def _one(code: str, text: str = "", reason: str = "", problems: list[str] | None = None) -> str:
    session = request_session()
    one, versions = basis(session, code), basis_versions(session, code)
    cited: dict[str, list[tuple[Any, str]]] = {}
    for use in uses():
        if code in codes_of([use.cited]):
            cited.setdefault(use.kind, []).append((use, address(use)))
    return render_template(
        "basis.html", one=one, cited=cited, text=text or versions[0].content, reason=reason,
        versions=[(row, name_of(session, row.published_by)) for row in versions],
        problems=problems or [], may_change=person().holds(*KEEPERS),
        drawn=DRAWN, instead=all_bases(session).get(one.replaced_by),
    )  # fmt: skip
