"""流程实例: started, listed, looked at, with their history and variables."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select, tuple_

import engine.instance
from engine.definition import definition
from engine.errors import NotAllowed
from engine.instance import progress
from engine.store.tables import Definition, HistoryEntry, Instance
from forms.api.bearer import caller, database
from forms.api.following import following, open_in
from forms.api.paging import decode, page
from forms.api.resource import Resource
from forms.api.schemas.instance import (
    HistoryPage,
    InstancePage,
    InstanceQuery,
    InstanceWhole,
    NewInstance,
    Started,
    Variables,
)
from forms.api.schemas.kinds import Page
from forms.database import acting
from forms.pages.case.access import open_case
from forms.pages.case.timeline import SAID
from forms.services import now, services
from supervision.organisation.scope import NO_CASES, ONLOOKERS

resource = Resource("instances", __name__, description="流程实例、办理过程、变量")


@resource.operation("GET", "/instances", scope="instances:read", query=InstanceQuery, gives=InstancePage)
def list_instances(query: dict[str, Any]) -> dict[str, Any]:
    """流程实例列表

    可见范围内的流程实例，新启动的在前。
    """
    rows = (
        select(Instance, Definition)
        .join(Definition, Definition.id == Instance.definition_id)
        .where(*(getattr(Instance, name) == query[name] for name in _FILTERS if query[name]))
        .order_by(Instance.started_at.desc(), Instance.id.desc())
        .limit(query["limit"] + 1)
    )
    if place := decode(query["after"], datetime, str):
        rows = rows.where(tuple_(Instance.started_at, Instance.id) < tuple_(*place))
    found = [_line(*row) for row in database().execute(rows)]
    return page(found, query["limit"], lambda row: (row["started_at"].astimezone(UTC), row["id"]))


@resource.operation(
    "POST", "/instances", scope="instances:write", body=NewInstance, gives=Started, status=201,
    problems=(404, 409), takes={"definition": "self_check", "data": {"year": 2026}},
)  # fmt: skip
def start_instance(body: dict[str, Any]) -> dict[str, Any]:
    """启动流程

    启动现行版本，运行到第一处等待。只有经办案件的人员可以启动。
    """
    if not any(role not in (*NO_CASES, *ONLOOKERS) for role, _ in caller().actor.roles):
        raise NotAllowed("启动流程由经办人员进行，您没有经办案件的角色")
    session = database()
    with acting(session):
        instance_id = engine.instance.start(
            session, services().context, body["definition"], body["data"], actor=caller().actor, now=now(),
            business_key=body["business_key"],
        )  # fmt: skip
        begun = session.get_one(Instance, instance_id)
        line = _line(begun, definition(session, begun.definition_id))
    return {**line, "next": following(open_in(instance_id))}


@resource.operation(
    "GET", "/instances/<instance_id>", scope="instances:read", gives=InstanceWhole, problems=(404,)
)
def get_instance(instance_id: str) -> dict[str, Any]:
    """一个流程实例

    连同走过的和正在等待的元素。
    """
    return _whole(open_case(database(), instance_id, caller())[0])


@resource.operation(
    "GET", "/instances/<instance_id>/history", scope="instances:read", query=Page, gives=HistoryPage,
    problems=(404,),
)  # fmt: skip
def list_history(query: dict[str, Any], instance_id: str) -> dict[str, Any]:
    """办理过程

    按先后列出；不含所填内容。序号不连续之处是不对外的内部记录。
    """
    session = database()
    open_case(session, instance_id, caller())
    place = decode(query["after"], int)
    rows = session.scalars(
        select(HistoryEntry)
        .where(
            HistoryEntry.chain == instance_id,
            HistoryEntry.kind.in_(SAID),
            HistoryEntry.seq > (place[0] if place else 0),
        )
        .order_by(HistoryEntry.seq)
        .limit(query["limit"] + 1)
    ).all()
    found = [{**_columns(row, _ACT), "label": SAID[row.kind]} for row in rows]
    return page(found, query["limit"], lambda row: (row["seq"],))


@resource.operation(
    "GET", "/instances/<instance_id>/variables", scope="variables:read", gives=Variables, problems=(404,)
)
def get_variables(instance_id: str) -> dict[str, Any]:
    """变量

    流程本身的变量。承办单位只看本单位填写的内容，因此不能读取。投诉人身份不在变量之中。
    """
    session = database()
    _, sight = open_case(session, instance_id, caller())
    if sight.as_unit:
        raise NotAllowed("承办单位只能看本单位填写的内容，不能读取整个案件的变量")
    with acting(session):  # they lie in the engine's state, which belongs to nobody's scope
        return {"variables": engine.instance.variables(session, services().context, instance_id, now())}


_FILTERS = ("status", "process_id", "business_key")
_LINE = (
    "id", "process_id", "business_key", "title", "status", "started_at", "started_by", "ended_at",
)  # fmt: skip
_ACT = ("seq", "at", "kind", "element_id", "name", "task_id", "actor", "hash")


def _columns(row: Any, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


def _line(instance: Instance, version: Definition) -> dict[str, Any]:
    return {**_columns(instance, _LINE), "definition": version.key, "version": version.version}


def _whole(instance: Instance) -> dict[str, Any]:
    session = database()
    place = progress(session, instance.id)
    return {
        **_line(instance, definition(session, instance.definition_id)),
        "ended_with": [word for word in instance.ended_with.split(",") if word],
        "cause_id": instance.cause_id,
        "done": place.done,
        "current": place.current,
    }
