"""处理异常: try again, mend a variable, move a token, cancel, close; each with a reason on record."""

from __future__ import annotations

from typing import Any

import engine.incident
from engine.store.tables import Incident
from forms.api.bearer import caller, database
from forms.api.resource import Resource
from forms.api.schemas.incident import Changed, IncidentLine, Moving, NewValue, Positions, Reason, Retried
from forms.database import acting
from forms.services import now, services

resource = Resource("repairs", __name__, description="处理异常，由系统管理员进行")

WHY = {"reason": "已补登放假安排"}


def _words(reason: str) -> dict[str, Any]:
    return {"reason": reason, "actor": caller().actor, "now": now()}


@resource.operation(
    "POST", "/incidents/<incident_id>/retry", scope="incidents:write", body=Reason, gives=Retried,
    problems=(404, 409), takes=WHY,
)  # fmt: skip
def retry_incident(body: dict[str, Any], incident_id: str) -> dict[str, Any]:
    """重试

    以原来的人的名义重做失败的操作；失败的作业重新排队。异常随之关闭，再失败会产生新的异常。
    """
    session = database()
    with acting(session):
        done = engine.incident.retry(session, services().context, incident_id, **_words(body["reason"]))
    return {
        "incident": done.incident,
        "failed": done.failed.id if done.failed else None,
        "queued": done.queued,
    }


@resource.operation(
    "PUT", "/incidents/<incident_id>/variables/<name>", scope="variables:write", body=NewValue,
    gives=Changed, problems=(404, 409), takes={**WHY, "value": "2026-03-02"},
)  # fmt: skip
def set_variable(body: dict[str, Any], incident_id: str, name: str) -> Any:
    """修改变量

    改正出错处的变量；异常仍待重试。原值、新值和理由留在记录中。
    """
    session = database()
    with acting(session):
        return engine.incident.set_variable(
            session, services().context, incident_id, name, body["value"], **_words(body["reason"])
        )


@resource.operation(
    "GET", "/incidents/<incident_id>/moves", scope="incidents:read", gives=Positions, problems=(404,)
)
def list_moves(incident_id: str) -> dict[str, Any]:
    """可以移动的令牌

    流程停在哪些元素，各自可以移到哪些元素而不打乱并行的分支。
    """
    session = database()
    engine.incident.allow(services().context, caller().actor)
    with acting(session):
        incident = engine.incident.find_incident(session, incident_id)
        found = engine.incident.possible_moves(session, services().context, incident, now())
    return {
        "items": [
            {
                "task_id": here.task_id,
                "element_id": here.element_id,
                "name": here.name,
                "targets": [{"element_id": element, "name": name} for element, name in here.targets],
            }
            for here in found
        ]
    }


@resource.operation(
    "POST", "/incidents/<incident_id>/move", scope="incidents:write", body=Moving, gives=IncidentLine,
    problems=(404, 409), takes={**WHY, "task_id": "5b0f1c2d3e4f5a6b7c8d9e0f1a2b3c4d", "target": "ut_triage"},
)  # fmt: skip
def move_token(body: dict[str, Any], incident_id: str) -> Incident:
    """移动令牌

    把流程从一个元素移到同一层的另一个元素；异常随之关闭。
    """
    session = database()
    with acting(session):
        engine.incident.move_token(
            session, services().context, incident_id, body["task_id"], body["target"],
            **_words(body["reason"]),
        )  # fmt: skip
        return engine.incident.find_incident(session, incident_id)


@resource.operation(
    "POST", "/incidents/<incident_id>/cancel", scope="incidents:write", body=Reason, gives=IncidentLine,
    problems=(404, 409), takes={"reason": "重复登记，已另案办理"},
)  # fmt: skip
def cancel_instance(body: dict[str, Any], incident_id: str) -> Incident:
    """取消流程

    结束整个流程实例，任务、定时和期限随之结束，它的全部异常随之关闭。不能撤销。
    """
    session = database()
    with acting(session):
        engine.incident.cancel_instance(session, services().context, incident_id, **_words(body["reason"]))
        return engine.incident.find_incident(session, incident_id)


@resource.operation(
    "POST", "/incidents/<incident_id>/resolve", scope="incidents:write", body=Reason, gives=IncidentLine,
    problems=(404, 409), takes=WHY,
)  # fmt: skip
def resolve_incident(body: dict[str, Any], incident_id: str) -> Incident:
    """关闭异常

    用于原因已在别处消除的异常；什么也不重做。
    """
    session = database()
    with acting(session):
        return engine.incident.resolve(session, services().context, incident_id, **_words(body["reason"]))
