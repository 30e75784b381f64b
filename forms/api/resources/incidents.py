"""异常: steps and jobs that failed, for the administrator."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select, tuple_

import engine.incident
from engine.errors import NotFound
from engine.store.tables import Incident
from forms.api.bearer import caller, database, need_role
from forms.api.paging import decode, page
from forms.api.resource import Resource
from forms.api.schemas.incident import IncidentLine, IncidentPage, IncidentQuery, Reason
from forms.database import acting
from forms.services import now, services

WHY = "异常由系统管理员处理"

resource = Resource("incidents", __name__, description="失败的步骤与作业")


@resource.operation("GET", "/incidents", scope="incidents:read", query=IncidentQuery, gives=IncidentPage)
def list_incidents(query: dict[str, Any]) -> dict[str, Any]:
    """异常列表

    先发生的在前。
    """
    need_role(WHY, "ADMIN")
    rows = (
        select(Incident)
        .where(Incident.status == query["status"])
        .order_by(Incident.since, Incident.id)
        .limit(query["limit"] + 1)
    )
    if place := decode(query["after"], datetime, str):
        rows = rows.where(tuple_(Incident.since, Incident.id) > tuple_(*place))
    found = database().scalars(rows).all()
    return page(found, query["limit"], lambda row: (row.since.astimezone(UTC), row.id))


@resource.operation(
    "GET", "/incidents/<incident_id>", scope="incidents:read", gives=IncidentLine, problems=(404,)
)
def get_incident(incident_id: str) -> Incident:
    """一项异常

    在哪个元素、发生了什么。
    """
    need_role(WHY, "ADMIN")
    found = database().get(Incident, incident_id)
    if found is None:
        raise NotFound(f"Expected incident {incident_id}, but there is none")
    return found


@resource.operation(
    "POST", "/incidents/<incident_id>/retry", scope="incidents:write", body=Reason, gives=IncidentLine,
    problems=(404, 409), takes={"reason": "数据已补齐"},
)  # fmt: skip
def retry_incident(body: dict[str, Any], incident_id: str) -> Incident:
    """重试

    重复失败的那一步；失败的作业重新排队。异常随之关闭，再失败会产生新的异常，答复的就是它。
    """
    need_role(WHY, "ADMIN")
    session = database()
    with acting(session):
        done = engine.incident.retry(
            session, services().context, incident_id, reason=body["reason"], actor=caller().actor, now=now()
        )
    return done.failed or done.incident


@resource.operation(
    "POST", "/incidents/<incident_id>/resolve", scope="incidents:write", body=Reason, gives=IncidentLine,
    problems=(404, 409), takes={"reason": "已补登放假安排"},
)  # fmt: skip
def resolve_incident(body: dict[str, Any], incident_id: str) -> Incident:
    """关闭异常

    用于原因已在别处消除的异常；理由留在记录中。
    """
    need_role(WHY, "ADMIN")
    session = database()
    with acting(session):
        return engine.incident.resolve(
            session, services().context, incident_id, reason=body["reason"], actor=caller().actor, now=now()
        )
