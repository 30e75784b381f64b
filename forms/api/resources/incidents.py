"""异常: steps and jobs that failed, for the administrator."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select, tuple_

import engine.incident
from engine.store.tables import Incident
from forms.api.bearer import caller, database
from forms.api.paging import decode, page
from forms.api.resource import Resource
from forms.api.schemas.incident import IncidentLine, IncidentPage, IncidentQuery
from forms.services import services

resource = Resource("incidents", __name__, description="失败的步骤与作业")


@resource.operation("GET", "/incidents", scope="incidents:read", query=IncidentQuery, gives=IncidentPage)
def list_incidents(query: dict[str, Any]) -> dict[str, Any]:
    """异常列表

    先发生的在前。
    """
    engine.incident.allow(services().context, caller().actor)
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

    在哪个元素、发生了什么、怎样处理的。
    """
    engine.incident.allow(services().context, caller().actor)
    return engine.incident.find_incident(database(), incident_id)
