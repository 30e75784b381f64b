"""申请回避: a party asks, or a head directs, that somebody stand aside in a case; C3 decides (AV-1, AV-11).

Nobody learns from the page who works on the case: a name is typed, and the answer is always the same.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session

from engine.definition import current
from engine.errors import Conflict, InvalidData
from engine.store.tables import Instance
from forms.answers import answers_to
from forms.database import acting, request_session
from forms.form_files import form_of
from forms.pages.blueprints import staff
from forms.pages.case.access import Sight, open_case
from forms.schema import FormFile, render_form
from forms.security import island_page
from forms.services import now, services, today
from forms.signed_in import person
from forms.sources import PageSources
from supervision.guards import demand_unnamed
from supervision.once import outcome_of, remember
from supervision.organisation.units import unit_name
from supervision.recusal.declare import request as ask
from supervision.recusal.find import case_id_of

PROCESS, FORM = "recusal", "F-AV-2"
HEADS = ("DCS_LEAD", "QZB_HEAD", "LSG_HEAD", "GOV_HEAD", "UP_LIAISON")
"""Who may direct it ex officio; of everybody else it is a request."""
DONE = "回避申请已登记，将在三个工作日内决定；决定以前不停止调查，但不作出处理决定。"


@staff.get("/case/<instance_id>/recusal")
def recusal(instance_id: str) -> Any:
    """申请回避：R13¶1."""
    session, instance, sight = _case(instance_id)
    form = _form(session)
    known = {"applicant": _applicant(session, sight), "origin": "申请"}
    return _page(session, instance, form, form.initial({}, known), {})


@staff.post("/case/<instance_id>/recusal")
def recusal_post(instance_id: str) -> Any:
    """One request, however often the button is pressed."""
    session, instance, sight = _case(instance_id)
    once, actor = request.form.get("_key", "")[:64], person().actor
    if outcome_of(session, once):
        flash(DONE)
        return redirect(url_for("staff.case", instance_id=instance_id), 303)
    form = _form(session)
    answers = answers_to(form, lambda: PageSources(session, instance_id), lambda upload, field: "")
    if not answers.right:
        return _page(session, instance, form, answers.raw, answers.errors), 422
    given = {name: str(answers.clean.get(name) or "") for name in ("applicant", "target_person", "reason")}
    savepoint = session.begin_nested()
    try:
        with acting(session):
            demand_unnamed(session, services().keys, instance_id, actor, given)
            ask(
                session, services().context, case_id_of(session, instance), given["target_person"],
                given["reason"], origin=_origin(str(answers.clean.get("origin") or "")), actor=actor,
                now=now(), applicant=_applicant(session, sight) if sight.as_unit else given["applicant"],
            )  # fmt: skip
    except InvalidData as wrong:
        savepoint.rollback()
        errors = {name: "；".join(said) for name, said in wrong.errors.items()}
        return _page(session, instance, form, answers.raw, errors), 422
    savepoint.commit()
    remember(session, once, DONE, now())
    session.commit()
    flash(DONE, "success")
    return redirect(url_for("staff.case", instance_id=instance_id), 303)


def _case(instance_id: str) -> tuple[Session, Instance, Sight]:
    session = request_session()
    instance, sight = open_case(session, instance_id, person())
    if instance.status != "active" or instance.process_id == PROCESS:
        raise Conflict("本案已经办结，不再申请回避")
    return session, instance, sight


def _form(session: Session) -> FormFile:
    definition, _ = current(session, PROCESS, now())
    return form_of(session, definition.id, FORM)


def _applicant(session: Session, sight: Sight) -> str:
    return unit_name(session, person().account.unit_code) if sight.as_unit else ""


def _origin(stated: str) -> str:
    return "依职权" if stated == "依职权" and person().holds(*HEADS) else "申请"


def _page(
    session: Session, instance: Instance, form: FormFile, values: Mapping[str, Any], errors: Mapping[str, str]
) -> str:
    island_page()
    return render_template(
        "recusal.html", instance=instance, summary_lines=form.summary(errors),
        fields=render_form(form, values, errors, PageSources(session, instance.id), today()),
        key=request.form.get("_key", "")[:64] or secrets.token_hex(16),
    )  # fmt: skip
