"""存卷文书: papers without a number, made of what the case holds and filed in the step. Source: DOMAIN 6.2.

A working paper or a plan (底稿, 方案) is signed by hand; whoever did the last task is its author.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.errors import StepFailed
from engine.instance.context import ServiceCall
from engine.store.tables import Task
from supervision.account.table import Account
from supervision.account.viewer import actor_of
from supervision.case.find import case_concerned
from supervision.document import desk
from supervision.document.titles import series_of, title_of
from supervision.document.variables import issuing_body, variables
from supervision.house import House


def record(house: House, session: Session, call: ServiceCall, now: datetime) -> Mapping[str, Any]:
    """Property `template_code` names the paper. Returns record_id.

    Raises:
        StepFailed: the paper has a number, which only 公文制发 gives.
    """
    code = call.properties.get("template_code", "")
    register, case = house.templates.register, case_concerned(session, call.instance_id, call.data)
    if series_of(register, code, call.data):
        raise StepFailed(call.element_id, f"{code} 须编号：请改用公文制发（document_issue）", call.data)
    title, values = title_of(register, code, call.data), variables(house, session, call, now)
    drafted = desk.draft(
        session, house.templates, case.instance_id if case else call.instance_id, code, title, values,
        issuing_body=issuing_body(session, case), series="", actor=call.actor, now=now,
    )  # fmt: skip
    author = _author(session, call)
    by = actor_of(session, author, now) if author is not None else call.actor
    document = desk.issue(
        session, house.templates, drafted.document.id, title, drafted.text, values,
        drafted_by=by.login, signed_as="", actor=by, now=now,
    )  # fmt: skip
    document.detail = {**document.detail, "unit": str(call.data.get("unit_code") or "")}
    session.flush()
    return {"record_id": document.id}


def _author(session: Session, call: ServiceCall) -> Account | None:
    """Nobody signs by the clock: whoever did the last task of this instance did the work."""
    login = session.scalar(
        select(Task.completed_by)
        .where(Task.instance_id == call.instance_id, Task.status == "completed")
        .order_by(Task.ended_at.desc(), Task.id)
        .limit(1)
    )
    return session.get(Account, login) if login else None
