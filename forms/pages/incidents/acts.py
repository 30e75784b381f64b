"""What an administrator does about an incident: forms with a reason, each done once."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from flask import flash, redirect, request, url_for
from sqlalchemy.orm import Session

import engine.incident
from engine.actor import Actor
from engine.errors import Conflict, InvalidData
from engine.store.tables import Incident
from forms.database import acting, request_session
from forms.pages.blueprints import staff
from forms.pages.incidents.views import WHY, show
from forms.services import now, services
from forms.signed_in import demand, person
from supervision.once import outcome_of, remember

LONGEST = 500
SURE = "请先勾选确认"
Act = Callable[[Session, str, str, Actor], tuple[str, str, str]]
"""(session, incident id, reason, actor) → (id of the incident to show, sentence, its kind)."""


@staff.post("/incidents/<incident_id>/retry")
def incidents_retry(incident_id: str) -> Any:
    def retry(session: Session, id: str, reason: str, actor: Actor) -> tuple[str, str, str]:
        done = engine.incident.retry(session, services().context, id, reason=reason, actor=actor, now=now())
        if done.failed is not None:
            return done.failed.id, "重试以后仍然出错：流程仍在原处，请看下面的新异常。", "warning"
        if done.queued:
            return id, "已重新排队，几秒后会再试一次。", "success"
        return id, "重试成功，流程已继续。", "success"

    return _do("retry", incident_id, retry)


@staff.post("/incidents/<incident_id>/variable")
def incidents_variable(incident_id: str) -> Any:
    def mend(session: Session, id: str, reason: str, actor: Actor) -> tuple[str, str, str]:
        name = (request.form.get("new_name") or request.form.get("name") or "").strip()
        changed = engine.incident.set_variable(
            session, services().context, id, name, _value(request.form.get("value", "")),
            reason=reason, actor=actor, now=now(),
        )  # fmt: skip
        before, after = (_text(value) for value in (changed.before, changed.after))
        return id, f"变量 {name} 已由 {before} 改为 {after}。现在可以重试。", "success"

    return _do("variable", incident_id, mend)


@staff.post("/incidents/<incident_id>/move")
def incidents_move(incident_id: str) -> Any:
    def move(session: Session, id: str, reason: str, actor: Actor) -> tuple[str, str, str]:
        task_id, _, target = request.form.get("way", "").partition(" ")
        if not target:
            raise InvalidData({"way": ["请选择移到哪里"]})
        _sure()
        engine.incident.move_token(
            session, services().context, id, task_id, target, reason=reason, actor=actor, now=now()
        )
        return id, "令牌已移动，流程从新的位置继续。", "success"

    return _do("move", incident_id, move)


@staff.post("/incidents/<incident_id>/cancel")
def incidents_cancel(incident_id: str) -> Any:
    def cancel(session: Session, id: str, reason: str, actor: Actor) -> tuple[str, str, str]:
        _sure()
        engine.incident.cancel_instance(
            session, services().context, id, reason=reason, actor=actor, now=now()
        )
        return id, "流程已取消，其中的待办、期限和定时都已结束。", "success"

    return _do("cancel", incident_id, cancel)


@staff.post("/incidents/<incident_id>/resolve")
def incidents_resolve(incident_id: str) -> Any:
    def close(session: Session, id: str, reason: str, actor: Actor) -> tuple[str, str, str]:
        engine.incident.resolve(session, services().context, id, reason=reason, actor=actor, now=now())
        return id, "异常已关闭。", "success"

    return _do("resolve", incident_id, close)


def _do(name: str, incident_id: str, act: Act) -> Any:
    """A refusal changes nothing and shows the page again with the reason and what was typed."""
    demand(WHY, "ADMIN")
    session, actor = request_session(), person().actor
    incident = engine.incident.find_incident(session, incident_id)
    key = request.form.get("_key", "")[:64]
    if shown := outcome_of(session, key):
        return _page(shown)
    savepoint = session.begin_nested()
    try:
        with acting(session):
            shown, sentence, kind = act(session, incident_id, _reason(), actor)
            remember(session, key, shown, now())
    except InvalidData as wrong:
        savepoint.rollback()
        return _again(incident, name, {field: "；".join(texts) for field, texts in wrong.errors.items()}), 422
    except Conflict as refused:
        savepoint.rollback()
        return _again(incident, name, {"": str(refused)}), 409
    savepoint.commit()
    session.commit()
    flash(sentence, kind)
    return _page(shown)


def _again(incident: Incident, name: str, wrong: dict[str, str]) -> str:
    request_session().refresh(incident)
    return show(incident, opened=name, typed=request.form, wrong=wrong)


def _page(incident_id: str) -> Any:
    return redirect(url_for("staff.incidents_one", incident_id=incident_id), 303)


def _reason() -> str:
    return request.form.get("reason", "").strip()[:LONGEST]


def _sure() -> None:
    if "sure" not in request.form:
        raise InvalidData({"sure": [SURE]})


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InvalidData(
            {"value": ['应为 JSON：文字加英文双引号如 "是"，数字直接写，真假写 true 或 false，没有写 null']}
        ) from error


def _text(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else f"{text[:60]}…"
