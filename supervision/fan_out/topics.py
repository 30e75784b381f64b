"""Service topics of 逐单位下发: ask for a process per unit, and go on with what came back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.errors import StepFailed, TryLater
from engine.instance import fan_in
from engine.instance.context import Handler, ServiceCall
from engine.instance.fan_out import open_fan_out
from engine.store.tables import FanOut, FanOutMember

NAMED = 20
"""Units that a sentence names; the page of the case lists all."""


def topics() -> dict[str, Handler]:
    """Topic → handler."""
    return {"units.fan_out": fan_out, "units.collect": collect}


def fan_out(session: Session, call: ServiceCall, now: datetime) -> Mapping[str, Any]:
    """Properties: `message` starts each unit's process, `joined` comes when all have reported, `types` and
    `duty` say which units, `scope` names a variable that lists unit codes, `hand` variables that each gets.

    Each unit's process also begins with unit_code, unit_name, unit_type, self_check_duty and parent_no.
    """
    properties = call.properties
    if not properties.get("message"):
        raise StepFailed(call.element_id, "没有写明下发用的消息：请在服务任务上写属性 message", call.data)
    selection = {name: properties[name] for name in ("types", "duty") if properties.get(name)}
    chosen = call.data.get(properties.get("scope", ""))
    if isinstance(chosen, Sequence) and not isinstance(chosen, str) and chosen:
        selection["units"] = ",".join(str(code) for code in chosen)
    wanted = [name.strip() for name in properties.get("hand", "").split(",") if name.strip()]
    handed = {name: call.data[name] for name in wanted if name in call.data}
    open_fan_out(
        session, call, properties["message"], selection, {**handed, "parent_no": call.business_key},
        joined_by=properties.get("joined", ""), now=now,
    )  # fmt: skip
    return {}


def collect(session: Session, call: ServiceCall, now: datetime) -> Mapping[str, Any]:
    """Ends the waiting: who has not reported stays open and is late. Property `of` names the step that asked.

    Returns units_total, units_reported, units_missing (numbers), missing_units (names, at most `NAMED`) and
    units_words, a sentence.
    """
    fan = fan_in.close(session, call.instance_id, call.properties.get("of", ""), now)
    if fan is None:
        raise StepFailed(call.element_id, "还没有向单位下发，没有可以汇总的", call.data)
    if fan.status == "listing":
        raise TryLater("下发名单还没有列出")
    missing = fan.total - fan.reported - fan.dropped
    names = _missing(session, fan) if missing else []
    return {
        "units_total": fan.total,
        "units_reported": fan.reported,
        "units_missing": missing,
        "missing_units": names,
        "units_words": _sentence(fan, missing, names),
    }


def _missing(session: Session, fan: FanOut) -> list[str]:
    query = select(FanOutMember.name).where(
        FanOutMember.fan_out_id == fan.id, FanOutMember.ended_at.is_(None)
    )
    return list(session.scalars(query.order_by(FanOutMember.position).limit(NAMED)))


def _sentence(fan: FanOut, missing: int, names: Sequence[str]) -> str:
    if not fan.total:
        return "没有符合条件的单位，没有可汇总的报送：请核对单位名录"
    said = f"应报 {fan.total} 个单位，已报 {fan.reported} 个"
    said += f"，取消 {fan.dropped} 个" if fan.dropped else ""
    if not missing:
        return f"{said}，全部到齐"
    others = " 等" if missing > len(names) else ""
    return f"{said}，未报 {missing} 个：{'、'.join(names)}{others}"
