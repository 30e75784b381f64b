"""Service topics that stop a clock, start it again, or set it back: for diagrams that draw 中止 and 补正."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import date, datetime
from functools import partial
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.errors import Conflict, InvalidData, NotFound, StepFailed
from engine.instance import clock
from engine.instance.context import Handler, ServiceCall
from engine.instance.leading import LIVE, period_of
from engine.store.tables import Deadline
from supervision.deadlines.pausing import GROUNDS
from supervision.house import House

SUPPLEMENTED = ("补正", "《政府信息公开条例》第三十条（参照）")
"""Why the period of 研判 begins anew, and the clause. Source: DOMAIN P3 5a."""


def topics(house: House) -> dict[str, Handler]:
    """Topic → handler. Each reads the node's property `rule`: the key of the period of this instance."""
    return {
        "deadline.suspend": partial(suspend, house),
        "deadline.resume": partial(resume, house),
        "deadline.restart": partial(restart, house),
    }


def suspend(house: House, session: Session, call: ServiceCall, now: datetime) -> Mapping[str, Any]:
    """Reads properties rule, reason (a ground of `GROUNDS`), clause; where the variable suspended_on is set,
    it is the day. Returns nothing. What is suspended already stays so.
    """
    reason = call.properties.get("reason", "中止")
    clause = call.properties.get("clause_of_law") or GROUNDS.get(reason, "")
    on = _day(call, "suspended_on")
    for row in _rows(session, call):
        if row.status == "running":
            moved = _said(
                call,
                partial(
                    clock.suspend, session, house.counting(), row.id,
                    reason=reason, clause=clause, remark=call.name, on=on, actor=call.actor, now=now,
                ),
            )  # fmt: skip
            call.after.extend(moved.after)
    return {}


def resume(house: House, session: Session, call: ServiceCall, now: datetime) -> Mapping[str, Any]:
    """Reads property rule; the variable resumed_on, where set, is the day. Returns new_due."""
    on, new_due = _day(call, "resumed_on"), ""
    for row in _rows(session, call):
        if row.status == "suspended":
            moved = _said(
                call,
                partial(
                    clock.resume, session, house.counting(), row.id,
                    reason=call.name, on=on, actor=call.actor, now=now,
                ),
            )  # fmt: skip
            call.after.extend(moved.after)
        new_due = row.due_on.isoformat()
    return {"new_due": new_due}


def restart(house: House, session: Session, call: ServiceCall, now: datetime) -> Mapping[str, Any]:
    """Reads properties rule, reason, clause_of_law, and the variable that property `since` names. Returns
    nothing.
    """
    start_on = _day(call, call.properties.get("since", ""))
    if start_on is None:
        raise StepFailed(call.element_id, "重新起算要有起算日：请在属性 since 里写明哪个变量", call.data)
    why = (call.properties.get("reason", "重新起算"), call.properties.get("clause_of_law", ""))
    anew(house, session, call, _rule(call), start_on, why, now)
    return {}


def anew(
    house: House,
    session: Session,
    call: ServiceCall,
    key: str,
    start_on: date,
    why: tuple[str, str],
    now: datetime,
) -> None:
    """Begins the period of a rule anew where the instance has or had one. Raises StepFailed."""
    with suppress(NotFound):
        call.after.extend(
            _said(
                call,
                partial(
                    clock.restart, session, house.counting(), call.instance_id, key,
                    start_on=start_on, reason=why[0], clause=why[1], actor=call.actor, now=now,
                ),
            )
        )  # fmt: skip


def _rows(session: Session, call: ServiceCall) -> list[Deadline]:
    """The live periods of the rule, one row each. Raises StepFailed when there is none."""
    key = _rule(call)
    rows = session.scalars(
        select(Deadline)
        .where(Deadline.instance_id == call.instance_id, Deadline.key == key, Deadline.status.in_(LIVE))
        .order_by(Deadline.id)
    ).all()
    if not rows:
        raise StepFailed(call.element_id, f"本案现在没有期限 {key}：请检查属性 rule", call.data)
    return [row for row in rows if period_of(session, row)[0].id == row.id]


def _rule(call: ServiceCall) -> str:
    key = call.properties.get("rule", "")
    if not key:
        raise StepFailed(call.element_id, "请在节点的属性 rule 里写明是哪条期限规则", call.data)
    return key


def _day(call: ServiceCall, name: str) -> date | None:
    value = call.data.get(name) if name else None
    if not value:
        return None
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError as error:
        raise StepFailed(call.element_id, f"变量“{name}”应为日期，但是“{value}”", call.data) from error


def _said(call: ServiceCall, act: Any) -> Any:
    """A refusal is the step's failure, with the same sentence."""
    try:
        return act()
    except (Conflict, InvalidData) as refused:
        raise StepFailed(call.element_id, str(refused), call.data) from refused
