"""Deadline rows of an instance, begun and ended in the step's own transaction; `clock` moves them."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from engine.actor import Actor
from engine.bpmn.due_keys import special_rules
from engine.bpmn.expression import evaluate
from engine.bpmn.program import Node
from engine.bpmn.report import WaitingTimer
from engine.deadline.compute import Due, compute
from engine.deadline.course import Suspended
from engine.deadline.shanghai import ONE_DAY, SHANGHAI, date_of, end_of
from engine.errors import Conflict, StepFailed
from engine.instance.context import Context
from engine.instance.course import counted, suspended_in_words, told_of
from engine.instance.deadline_events import note, note_start, take_over
from engine.instance.leading import leader_of
from engine.instance.lineage import Lineage, lineage, lineage_from
from engine.instance.rearm import NEVER
from engine.instance.rules_then import RulesThen
from engine.store.base import table_of
from engine.store.prepared import Prepared
from engine.store.tables import Deadline

_deadlines = table_of(Deadline)
_add = Prepared.insert(_deadlines)
_on_token = Prepared(
    select(_deadlines.c.id, _deadlines.c.status, _deadlines.c.name).where(
        _deadlines.c.scope_task_id == bindparam("of")
    )
)

__all__ = ["announce", "begin", "begin_timer", "dates_of", "end", "parse_start"]


def rule_key(node: Node, data: Mapping[str, Any]) -> str | None:
    """The rule a node names: the first of `deadlineIf` whose condition holds, before property `deadline`."""
    for condition, key in special_rules(node):
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
    within: str,
    unit_code: str | None,
    actor: Actor,
    now: datetime,
) -> None:
    """Starts the node's deadline, if it names one. `within` is the shard that its token lies in."""
    key = rule_key(node, data)
    if not key:
        return
    if key not in context.rules(session):
        raise StepFailed(node.id, f"期限规则“{key}”不存在", data)
    start_on = date_of(start_of(node, data, now))
    came = lineage(session, instance_id, key, within, start_on)
    place = {"instance_id": instance_id, "scope_task_id": scope_task_id, "element_id": node.id}
    names = {"name": node.name, "unit_code": unit_code}
    _write(
        session, context, came, key, start_on, place | names, {"within": within}, actor=actor, now=now
    )  # fmt: skip


def begin_timer(
    session: Session,
    context: Context,
    instance_id: str,
    timer: WaitingTimer,
    enclosing: Sequence[str],
    *,
    actor: Actor,
    now: datetime,
) -> datetime | None:
    """Starts the deadline of a timer whose instant ``due('KEY')`` gave: its row tells when it fires.

    `enclosing` are the shards it lies in. Returns the instant to arm it for where that is another one: the
    period was extended or suspended already.
    """
    if timer.rule is None:
        return None
    key, start_on = timer.rule[0], date.fromisoformat(timer.rule[1])
    place = {"instance_id": instance_id, "scope_task_id": timer.task_id, "element_id": timer.element_id}
    names = {"name": timer.name or context.rules(session)[key].step, "unit_code": None}
    about = {"within": timer.shard}
    if leader := leader_of(session, instance_id, key, start_on, timer.shard, enclosing):
        came, about = lineage_from(session, leader), {**about, "follows": leader.id}
    else:
        came = lineage(session, instance_id, key, timer.shard, start_on)
    due_at = _write(session, context, came, key, start_on, place | names, about, actor=actor, now=now)
    return due_at if due_at != timer.due_at else None


def _write(
    session: Session,
    context: Context,
    came: Lineage,
    key: str,
    start_on: date,
    place: Mapping[str, str | None],
    about: Mapping[str, str],
    *,
    actor: Actor,
    now: datetime,
) -> datetime:
    """Writes the row with what it takes over; returns its instant, `NEVER` while it is suspended."""
    calendar, told = context.calendar(session), came.told
    rule, version = RulesThen(session, context).at(came.rule_version, key)
    due = compute(
        rule, calendar, start_on, extended_by=told.extended_by, pauses=told.pauses, course=told.course
    )
    lasts = told.course.suspended is not None
    row = {
        "id": uuid.uuid4().hex,
        **place,
        "key": key,
        "rule_version": version,
        "calendar_version": calendar.version,
        "started_at": now,
        "extended_by": told.extended_by,
        "extensions": len(told.course.extensions),
        "status": "suspended" if lasts else "running",
        "level": "L0",
        **dates_of(due),
    }
    _add.send(session, **row)
    note_start(session, row["id"], now, actor, {"due_on": due.due_on.isoformat(), **about})
    take_over(session, row["id"], came.events)
    return NEVER if lasts else due.due_at


def end(
    session: Session,
    context: Context,
    scope_task_ids: Iterable[str],
    status: str,
    *,
    actor: Actor,
    now: datetime,
    by_hand: bool = False,
) -> None:
    """Finishes or cancels what runs on these tokens; `status` is finished or cancelled.

    A suspension ends with the period. Where a person would finish a suspended one (`by_hand`) Conflict is
    raised: who goes on with the work lets the clock run again first, so that the record says when it did.
    """
    for deadline_id, was, name in [row for of in scope_task_ids for row in _on_token.rows(session, of=of)]:
        if was not in ("running", "suspended"):
            continue
        lasts = told_of(session, deadline_id).course.suspended if was == "suspended" else None
        if lasts and by_hand and status == "finished":
            raise Conflict(f"{suspended_in_words(name, lasts)}，请先恢复计时，再提交。")
        values: dict[str, Any] = {"status": status, "finished_at": now}
        if lasts:
            values |= _let_go(session, context, deadline_id, lasts, actor=actor, now=now)
        session.execute(update(_deadlines).where(_deadlines.c.id == deadline_id).values(values))
        note(session, deadline_id, "finish" if status == "finished" else "cancel", now, actor, {})


def _let_go(
    session: Session, context: Context, deadline_id: str, lasts: Suspended, *, actor: Actor, now: datetime
) -> dict[str, Any]:
    """Ends the suspension of a row that ends; returns the days it had, the pause left out."""
    on = max(date_of(now), lasts.since)
    detail = {"on": on.isoformat(), "reason": "随环节结束", "by": actor.name or actor.login}
    note(session, deadline_id, "resume", now, actor, detail)
    row = session.get_one(Deadline, deadline_id, populate_existing=True)
    return {**dates_of(counted(session, context, row)), "calendar_version": context.calendar(session).version}


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
