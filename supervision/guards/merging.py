"""并案: a complaint is merged only into another one that exists and that the person may see."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from engine.actor import Actor
from engine.errors import InvalidData
from engine.instance.context import GuardCall
from supervision.case.find import case_by_number, find_case


def master_is_another_case(session: Session, call: GuardCall, actor: Actor, now: datetime) -> None:
    """Raises InvalidData on `master_no`."""
    if call.act != "complete" or call.data.get("route") != "合并":
        return
    number = str(call.data.get("master_no") or "")
    master, own = case_by_number(session, number), find_case(session, call.instance.id)
    if master is None or own is None or master.handler != own.handler:
        raise InvalidData({"master_no": [f"没有编号为“{number}”的投诉：请填写主件的受理编号。"]})
    if master.instance_id == own.instance_id:
        raise InvalidData({"master_no": ["不能并入本案自身：请填写主件的受理编号。"]})
    if master.outcome == "已并案":
        raise InvalidData({"master_no": [f"{number} 自己已并入他案：请填写最后的主件。"]})
