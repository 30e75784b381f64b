"""Changes one rule by a form or all by a file: the effect is shown first; nothing is saved before that."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from flask import flash, redirect, render_template, request, url_for

from engine.deadline.rule import Rule
from engine.deadline.rule_file import ladders_in
from engine.deadline.rule_text import with_terms
from engine.errors import InvalidData, NotFound
from forms.database import acting, request_session
from forms.pages.blueprints import staff
from forms.pages.calendar.edit import LONGEST_REASON, uploaded
from forms.pages.calendar.views import KEEPERS, WHY
from forms.pages.rules.views import RuleLine, ladder_in_words
from forms.services import now, services
from forms.signed_in import demand, person
from supervision.deadlines.rule_change import change_rules, preview_rules
from supervision.deadlines.versions import rule_versions
from supervision.once import outcome_of, remember

LARGEST_FILE = 256 * 1024


@staff.get("/rules/<key>")
def rules_edit(key: str) -> Any:
    demand(WHY, *KEEPERS)
    return _form(_rule(key), {}, {})


@staff.post("/rules/<key>")
def rules_edit_post(key: str) -> Any:
    """Shows what saving would do."""
    demand(WHY, *KEEPERS)
    rule = _rule(key)
    try:
        text = with_terms(rule_versions(request_session())[0].content, key, _terms(rule))
        return _effect(text)
    except InvalidData as wrong:
        return _form(rule, request.form, wrong.errors), 422


@staff.post("/rules/upload")
def rules_upload() -> Any:
    """The whole file; shows what saving would do."""
    demand(WHY, *KEEPERS)
    try:
        text = uploaded(LARGEST_FILE)
        if not text:
            raise InvalidData({"file": ["请选择一个 deadlines.toml 文件。"]})
        return _effect(text)
    except InvalidData as wrong:
        return render_template("rules_refused.html", errors=_named(wrong.errors)), 422


@staff.post("/rules")
def rules_post() -> Any:
    demand(WHY, *KEEPERS)
    session, key = request_session(), request.form.get("_key", "")[:64]
    back = redirect(url_for("staff.rules"), 303)
    if outcome_of(session, key):
        return back
    text = request.form.get("text", "").replace("\r\n", "\n")
    try:
        with acting(session):
            version, effects = change_rules(
                session, services().context, text,
                reason=_reason(), by=person().actor, now=now(),
            )  # fmt: skip
            remember(session, key, version.digest[:32], now())
    except InvalidData as wrong:
        session.rollback()
        return render_template("rules_refused.html", errors=_named(wrong.errors)), 422
    session.commit()
    flash(f"已发布新版本：{len(effects)} 条规则有改动，只用于以后开始的期限。", "success")
    return back


def _effect(text: str) -> str:
    session, reason = request_session(), _reason()
    if not reason:
        raise InvalidData({"reason": ["请写明修改的理由。"]})
    with acting(session):
        effects = preview_rules(session, services().context, text, now())
    return render_template(
        "rules_effect.html", effects=effects, text=text, reason=reason, key=secrets.token_hex(16)
    )


def _rule(key: str) -> Rule:
    rule = services().context.rules(request_session()).get(key)
    if rule is None:
        raise NotFound(f"没有期限规则“{key}”")
    return rule


def _terms(rule: Rule) -> dict[str, Any]:
    """What was typed, as it stands in the file. Raises InvalidData."""
    form, errors = request.form, {}
    terms: dict[str, Any] = {}
    if rule.unit == "date":
        return {"value": form.get("value", "").strip(), "ladder": _ladder(rule)}
    for name, label in (("value", "长度"), ("n", "每次延期"), ("max", "延期次数")):
        text = form.get(name, "").strip() or ("" if name == "value" else "0")
        try:
            terms[name] = int(text)
        except ValueError:
            errors[name] = [f"{label}应为整数，但写的是“{text}”。"]
    if errors:
        raise InvalidData(errors)
    n, most = terms.pop("n"), terms.pop("max")
    unit = form.get("unit", rule.unit)
    extension = {"n": n, "unit": unit, "max": most} if n or most else None
    return {"value": terms["value"], "unit": unit, "extension": extension, "ladder": _ladder(rule)}


def _ladder(rule: Rule) -> str | None:
    """Name of the chosen ladder; the usual one needs no line."""
    name = request.form.get("ladder", rule.ladder.name).strip()[:40]
    return None if name == "default" else name


def _reason() -> str:
    return request.form.get("reason", "").strip()[:LONGEST_REASON]


def _form(rule: Rule, typed: Mapping[str, str], errors: Mapping[str, Sequence[str]]) -> str:
    problems = [text for texts in errors.values() for text in texts]
    ladders = ladders_in(rule_versions(request_session())[0].content)
    return render_template(
        "rule_edit.html", line=RuleLine(rule, 0), rule=rule, typed=typed, problems=problems,
        ladders=[(name, ladder_in_words(ladder, rule.unit == "date")) for name, ladder in ladders.items()],
    )  # fmt: skip


def _named(errors: Mapping[str, Sequence[str]]) -> list[str]:
    """Sentences, each with the key of its rule before it."""
    return [f"{key}：{text}" if key.isupper() else text for key, texts in errors.items() for text in texts]
