"""Service topics of 延期 (C5): both tell the people of the case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.deadline.rule import Extension
from engine.deadline.rule_words import amount_in_words
from engine.errors import StepFailed
from engine.history.append import append
from engine.instance.clock import extend as extend_deadline
from engine.instance.context import Handler, ServiceCall
from engine.instance.rules_then import rule_then
from engine.store.tables import Deadline, Instance
from supervision.case.deeds import acted_as
from supervision.case.find import case_of_deadline
from supervision.document.words import cn_date
from supervision.guards.period import HANDLING
from supervision.house import House
from supervision.notice import notify
from supervision.organisation.grants import role_label

APPROVALS = ("ut_approve", "ut_approve_deputy")
"""Tasks of the diagram in which an extension is decided."""


def topics(house: House) -> dict[str, Handler]:
    """Topic → handler."""
    return {"deadline.extend": partial(extend, house), "deadline.refuse_extension": refuse}


def extend(house: House, session: Session, call: ServiceCall, now: datetime) -> Mapping[str, Any]:
    """Reads deadline_id, days, reason. Returns old_due, new_due, and for the letter to the complainant
    tell_complainant, deliver, approved_as, extended_words. After the due day the engine refuses.
    """
    row = _deadline(session, call)
    old_due, days = row.due_on, int(call.data.get("days") or 0)
    context = house.counting()
    moved = extend_deadline(
        session, context, row.id, days,
        reason=str(call.data.get("reason") or ""), actor=call.actor, now=now,
    )  # fmt: skip
    call.after.extend(moved.after)
    _tell(session, call, row, f"“{row.name}”已延期至 {cn_date(moved.row.due_on)}", now)
    case, extension = case_of_deadline(session, row.id), rule_then(session, context, row).extension
    role = acted_as(session, call.instance_id, APPROVALS, call.actor)
    return {
        "old_due": old_due.isoformat(),
        "new_due": moved.row.due_on.isoformat(),
        "tell_complainant": case is not None and row.key in HANDLING and case.withdrawn_on is None,
        "deliver": case is not None and case.identity_mode != "匿名",
        "approved_as": role_label(session, role) if role else call.actor.name,
        "extended_words": _length(extension, days) if extension else "",
    }


def refuse(session: Session, call: ServiceCall, now: datetime) -> Mapping[str, Any]:
    """Reads deadline_id, reason. Returns new_due: the day that stays."""
    row = _deadline(session, call)
    append(
        session, row.instance_id, "deadline.extension_refused", at=now, actor=call.actor,
        element_id=row.element_id, name=row.name, payload={"key": row.key},
    )  # fmt: skip
    _tell(session, call, row, f"“{row.name}”的延期申请未获同意，仍于 {cn_date(row.due_on)} 届满", now)
    return {"new_due": row.due_on.isoformat()}


def _length(extension: Extension, days: int) -> str:
    """As letters print it, without spaces: 10个工作日."""
    return amount_in_words(replace(extension, n=days)).replace(" ", "")


def _deadline(session: Session, call: ServiceCall) -> Deadline:
    wanted = str(call.data.get("deadline_id") or "")
    row = session.scalars(select(Deadline).where(Deadline.id == wanted)).first()
    if row is None:
        raise StepFailed(call.element_id, f"没有编号为“{wanted}”的期限：请重新选择要延期的任务", call.data)
    return row


def _tell(session: Session, call: ServiceCall, row: Deadline, text: str, now: datetime) -> None:
    """The person who asked for it; who works on the case sees the new day on the task."""
    started_by = session.get_one(Instance, call.instance_id).started_by
    notify(session, [started_by], text, f"/case/{row.instance_id}", now, f"extension:{call.instance_id}")
