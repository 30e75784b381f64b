"""异常处理: steps and jobs that failed, for the administrator. Shows no data of the case."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for

from engine.errors import NotAllowed
from engine.incident import open_incidents, resolve, retry
from forms.database import acting, request_session
from forms.pages.blueprints import staff
from forms.services import now, services
from forms.signed_in import demand, person

WHY = "异常由系统管理员处理"


@staff.get("/incidents")
def incidents() -> Any:
    demand(WHY, "ADMIN")
    return render_template("incidents.html", incidents=open_incidents(request_session()))


@staff.post("/incidents/<incident_id>/retry")
def incident_retry(incident_id: str) -> Any:
    demand(WHY, "ADMIN")
    session = request_session()
    with acting(session):
        retry(session, services().context, incident_id, reason="重试", actor=person().actor, now=now())
    session.commit()
    flash("已重新排队，几秒后会再试一次。")
    return redirect(url_for("staff.incidents"), 303)


@staff.post("/incidents/<incident_id>/resolve")
def incident_resolve(incident_id: str) -> Any:
    demand(WHY, "ADMIN")
    session, reason = request_session(), request.form.get("reason", "").strip()[:500]
    if len(reason) < 2:
        raise NotAllowed("请写明怎样处理的（至少 2 个字），再关闭异常")
    with acting(session):
        resolve(session, services().context, incident_id, reason=reason, actor=person().actor, now=now())
    session.commit()
    flash("异常已关闭。")
    return redirect(url_for("staff.incidents"), 303)
