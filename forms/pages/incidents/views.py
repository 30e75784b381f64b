"""异常处理: the list of what failed, and one incident with its diagram. Reading changes nothing."""

from __future__ import annotations

import secrets
from typing import Any

from flask import Response, render_template

from engine.definition import files_of
from engine.errors import NotFound
from engine.incident import find_incident, open_incidents
from engine.store.tables import Incident, Instance
from forms.database import acting, request_session
from forms.pages.blueprints import staff
from forms.pages.incidents.look import lines, look
from forms.security import island_page
from forms.services import now, services
from forms.signed_in import demand
from supervision.notice.channels import channels

WHY = "异常由系统管理员处理"


@staff.get("/incidents")
def incidents() -> Any:
    demand(WHY, "ADMIN")
    session = request_session()
    with acting(session):
        waiting = open_incidents(session)
        found = lines(session, services().context, waiting)
    unsent = sum(one.data.get("kind") in channels() for one in waiting)
    return render_template("incidents.html", lines=found, unsent=unsent)


@staff.get("/incidents/<incident_id>")
def incidents_one(incident_id: str) -> Any:
    demand(WHY, "ADMIN")
    return show(find_incident(request_session(), incident_id))


def show(found: Incident, *, opened: str = "", typed: Any = None, wrong: Any = None) -> str:
    """`opened`: the action whose form is open, with what was typed and what is wrong with it."""
    session = request_session()
    with acting(session):
        seen = look(session, services().context, found, now())
    island_page()
    return render_template(
        "incident.html", look=seen, incident=found, key=secrets.token_hex(16), opened=opened,
        typed=typed or {}, wrong=wrong or {},
    )  # fmt: skip


@staff.get("/incidents/<incident_id>/diagram.bpmn")
def incidents_diagram(incident_id: str) -> Response:
    demand(WHY, "ADMIN")
    session = request_session()
    found = find_incident(session, incident_id)
    with acting(session):
        instance = session.get(Instance, found.instance_id) if found.instance_id else None
        files = files_of(session, instance.definition_id) if instance else {}
    for path, content in files.items():
        if instance and path.endswith(".bpmn") and f'id="{instance.process_id}"'.encode() in content:
            return Response(content, mimetype="application/xml")
    raise NotFound(f"Expected a diagram for incident {incident_id}, but there is none")
