"""消息与信号: handed in from outside, a message for exactly one receiver, a signal for all."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

import engine.message
from engine.store.tables import Instance
from forms.api.bearer import caller, database
from forms.api.resource import Resource
from forms.api.schemas.message import Message, Outcome, Reached, Signal
from forms.api.schemas.task import ID
from forms.database import acting
from forms.services import now, services

resource = Resource("messages", __name__, description="从外部送入的消息和信号")


@resource.operation(
    "POST", "/messages", scope="messages:write", body=Message, gives=Outcome, status=202,
    problems=(404, 409),
    takes={"name": "msg_supplement", "correlation": "TS-2026-0001", "payload": {}},
    example={"how": "delivered", "instance_id": ID},
)  # fmt: skip
def publish_message(body: dict[str, Any]) -> dict[str, Any]:
    """送入消息

    交给等待它的那一个实例，或启动由它启动的流程；还没有接收方的按登记的天数保留。
    有此权限的密钥可以推动其人看不到的案件，但不会得知那里有没有这样的案件。
    """
    session = database()
    with acting(session):
        done = engine.message.publish(
            session, services().context, body["name"], body["payload"], correlation=body["correlation"],
            actor=caller().actor, now=now(),
        )  # fmt: skip
    seen = done.instance_id and session.scalar(select(Instance.id).where(Instance.id == done.instance_id))
    return {"how": done.how, "instance_id": seen} if seen else {"how": "accepted", "instance_id": None}


@resource.operation(
    "POST", "/signals", scope="messages:write", body=Signal, gives=Reached, status=202, problems=(404, 409),
    takes={"name": "sig_holiday_notice", "payload": {"year": 2027}}, example={"how": "accepted"},
)  # fmt: skip
def broadcast_signal(body: dict[str, Any]) -> dict[str, str]:
    """发出信号

    此刻等待它的全部实例都收到，由它启动的流程都启动；不保留给以后才等待的。
    """
    session = database()
    with acting(session):
        engine.message.broadcast(
            session, services().context, body["name"], body["payload"], actor=caller().actor, now=now()
        )
    return {"how": "accepted"}
