"""Deadline rows of an instance: started, finished, extended in the step's own transaction."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from engine.actor import Actor
from engine.bpmn.expression import evaluate
from engine.bpmn.program import Node
from engine.bpmn.report import WaitingTimer
from engine.deadline.compute import Due, compute
from engine.deadline.extension import check_extension
from engine.deadline.shanghai import ONE_DAY, SHANGHAI, end_of
from engine.errors import NotFound, StepFailed
from engine.history.append import append
from engine.instance.context import Context
from engine.instance.rules_then import rule_then
from engine.store.base import table_of
from engine.store.tables import Deadline, DeadlineEvent, Task

_deadlines, _events = table_of(Deadline), table_of(DeadlineEvent)


def rule_key(node: Node, data: Mapping[str, Any]) -> str | None:
    """The rule a node names: property `deadlineIf` (``condition:KEY``) before property `deadline`."""
    special = node.properties.get("deadlineIf")
    if special:
        condition, _, key = special.rpartition(":")
        if evaluate(condition, data, {}):
            return key
    return node.properties.get("deadline")


def start_of(node: Node, data: Mapping[str, Any], now: datetime) -> date | datetime:
    """The rule's start event: the variable named by `deadlineStart`, else this moment."""
    variable = node.properties.get("deadlineStart")
    if not variable or not data.get(variable):
        return now
    return parse_start(node.id, variable, data[variable], data)


def parse_start(element_id: str, name: str, value: Any, data: Mapping[str, Any]) -> date | datetime:
    """A date or instant in ISO form; an instant without zone is the district's own. Raises StepFailed."""
    text = str(value)
    try:
        if "T" not in text:
            return date.fromisoformat(text)
        given = datetime.fromisoformat(text)
    except ValueError as error:
        raise StepFailed(element_id, f"期限起算“{name}”应为日期，但是“{text}”", data) from error
    return given if given.tzinfo else given.replace(tzinfo=SHANGHAI)


def begin(
    session: Session,
    context: Context,
    instance_id: str,
    node: Node,
    scope_task_id: str,
    data: Mapping[str, Any],
    *,
    unit_code: str | None,
    actor: Actor,
    now: datetime,
) -> None:
    """Starts the node's deadline, if it names one."""
    key = rule_key(node, data)
    if not key:
        return
    rules, calendar = context.rules(session), context.calendar(session)
    rule = rules.get(key)
    if rule is None:
        raise StepFailed(node.id, f"期限规则“{key}”不存在", data)
    due = compute(rule, calendar, start_of(node, data, now))
    _write(
        session, due, rules.version, calendar.version, instance_id=instance_id, scope_task_id=scope_task_id,
        element_id=node.id, name=node.name, unit_code=unit_code, actor=actor, now=now,
    )  # fmt: skip


def begin_timer(
    session: Session,
    context: Context,
    instance_id: str,
    timer: WaitingTimer,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """Starts the deadline of a timer whose instant ``due('KEY')`` gave: its row tells when it fires."""
    if timer.rule is None:
        return
    key, start_on = timer.rule
    rules, calendar = context.rules(session), context.calendar(session)
    due = compute(rules[key], calendar, date.fromisoformat(start_on))
    _write(
        session, due, rules.version, calendar.version, instance_id=instance_id, scope_task_id=timer.task_id,
        element_id=timer.element_id, name=timer.name or rules[key].step, unit_code=None, actor=actor, now=now,
    )  # fmt: skip


def _write(
    session: Session,
    due: Due,
    rule_version: str,
    calendar_version: str,
    *,
    actor: Actor,
    now: datetime,
    **place: str | None,
) -> None:
    row = {
        "id": uuid.uuid4().hex,
        **place,
        "key": due.key,
        "rule_version": rule_version,
        "calendar_version": calendar_version,
        "started_at": now,
        "extended_by": 0,
        "extensions": 0,
        "status": "running",
        "level": "L0",
        **dates_of(due),
    }
    session.execute(insert(_deadlines).values(row))
    note(session, row["id"], "start", now, actor, {"due_on": due.due_on.isoformat()})


def end(session: Session, scope_task_ids: Iterable[str], status: str, *, actor: Actor, now: datetime) -> None:
    """Finishes or cancels what runs on these tokens; `status` is finished or cancelled."""
    ids = list(scope_task_ids)
    if not ids:
        return
    running = session.execute(
        select(_deadlines.c.id).where(
            _deadlines.c.scope_task_id.in_(ids), _deadlines.c.status.in_(("running", "suspended"))
        )
    ).all()
    for row in running:
        session.execute(
            update(_deadlines).where(_deadlines.c.id == row.id).values(status=status, finished_at=now)
        )
        note(session, row.id, "finish" if status == "finished" else "cancel", now, actor, {})


def covering(session: Session, instance_id: str, scopes: Iterable[str]) -> Any | None:
    """The row of the nearest deadline that runs on one of these tokens, or None."""
    return session.execute(
        select(_deadlines.c.id, _deadlines.c.due_on, _deadlines.c.due_at, _deadlines.c.amber_on)
        .where(
            _deadlines.c.instance_id == instance_id,
            _deadlines.c.scope_task_id.in_(list(scopes)),
            _deadlines.c.status == "running",
        )
        .order_by(_deadlines.c.due_at)
        .limit(1)
    ).first()


def extend(
    session: Session,
    context: Context,
    deadline_id: str,
    days: int,
    *,
    reason: str,
    actor: Actor,
    now: datetime,
) -> Deadline:
    """Moves a running deadline by `days` in the unit of its rule's extension.

    Raises:
        NotFound, DeadlineClosed (after due, used up, not extensible), InvalidData (over the cap).
    """
    row = session.get(Deadline, deadline_id, populate_existing=True, with_for_update=True)
    if row is None:
        raise NotFound(f"Expected a deadline {deadline_id}, but there is none")
    rule = rule_then(session, context, row)
    calendar = context.calendar(session)
    due = compute(rule, calendar, row.start_on, extended_by=row.extended_by)
    check_extension(rule, due, row.extensions, days, now)
    before = row.due_on
    row.extended_by += days
    row.extensions += 1
    moved = compute(rule, calendar, row.start_on, extended_by=row.extended_by)
    for column, value in dates_of(moved).items():
        setattr(row, column, value)
    session.flush()
    session.execute(
        update(Task)
        .where(Task.deadline_id == deadline_id, Task.status == "open")
        .values(due_on=row.due_on, due_at=row.due_at, amber_on=row.amber_on)
    )
    detail = {"days": days, "reason": reason, "from": before.isoformat(), "to": row.due_on.isoformat()}
    note(session, deadline_id, "extend", now, actor, detail)
    append(
        session, row.instance_id, "deadline.extended", at=now, actor=actor,
        element_id=row.element_id, name=row.name, payload={"key": row.key, **detail},
    )  # fmt: skip
    return row


def announce(session: Session, row: Deadline, level: str, *, actor: Actor, now: datetime) -> None:
    """Notes that people were told of a rung of the ladder, so that nobody is told twice."""
    row.level = level
    session.flush()
    note(session, row.id, "level", now, actor, {"level": level})


def dates_of(due: Due) -> dict[str, Any]:
    """The columns of a row that say when it ends."""
    return {
        "start_on": due.start_on,
        "due_on": due.due_on,
        "due_at": due.due_at,
        "amber_on": due.amber_on,
        "levels": {level: day.isoformat() for level, day in due.levels.items()},
        "provisional": due.provisional,
        "watch_at": end_of(min(due.levels.values()) - ONE_DAY),
    }


def note(
    session: Session, deadline_id: str, kind: str, at: datetime, actor: Actor, detail: dict[str, Any]
) -> None:
    """Writes the next event of a deadline."""
    last = session.scalar(select(func.max(_events.c.seq)).where(_events.c.deadline_id == deadline_id)) or 0
    session.execute(
        insert(_events).values(
            deadline_id=deadline_id, seq=last + 1, kind=kind, at=at, actor=actor.login, detail=detail
        )
    )
