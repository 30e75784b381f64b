"""Cases that wait for a timer under a deadline: some real ones, and copies of them, row by row.

A copy has every row of its original under new ids but the same state, which holds the original's tokens: it
can be looked for and passed by, as what waits is, and never be run.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

import engine.definition
from bench.eleven import FLOW, HEAD, TAIL
from command.compose import System
from engine.actor import SYSTEM_ACTOR
from engine.instance import start
from engine.store.base import Base, table_of
from engine.store.tables import (
    Deadline,
    DeadlineEvent,
    Instance,
    InstanceScope,
    Job,
    StateShard,
    Task,
    TaskCandidate,
)

AT_ONCE = 2000
OWN = (Instance, Task, Job, Deadline)
"""Whose ids a copy has anew, beside its tokens."""
DUE = """<bpmn:userTask id="ut" name="办理" camunda:candidateGroups="DCS_CLERK"><bpmn:extensionElements>
<camunda:properties><camunda:property name="deadline" value="{key}"/></camunda:properties>
</bpmn:extensionElements></bpmn:userTask>
<bpmn:boundaryEvent id="bt" name="到期" attachedToRef="ut" cancelActivity="false">
<bpmn:timerEventDefinition id="td">
<bpmn:timeDate xsi:type="bpmn:tFormalExpression">${{due('{key}')}}</bpmn:timeDate>
</bpmn:timerEventDefinition></bpmn:boundaryEvent>
"""
AFTER = """<bpmn:intermediateCatchEvent id="ev" name="稍后"><bpmn:timerEventDefinition id="td">
<bpmn:timeDuration xsi:type="bpmn:tFormalExpression">${wait}</bpmn:timeDuration>
</bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>
"""
"""The variable `wait` is an ISO duration."""


def publish(system: System, name: str, key: str = "") -> None:
    """A process with one task under the rule `key` and a timer at its end, or with a timer alone."""
    flow = FLOW.format(a="st", b="ut" if key else "ev") + FLOW.format(a="ut" if key else "ev", b="en")
    flow += FLOW.format(a="bt", b="en_late") if key else ""
    diagram = "".join((HEAD.format(process=name), DUE.format(key=key) if key else AFTER, flow, TAIL))
    diagram = diagram if key else diagram.replace('<bpmn:endEvent id="en_late"/>', "")
    files = {f"{name}.bpmn": diagram.encode(), "process.toml": f'key = "{name}"\n'.encode()}
    with system.session() as session:
        now = system.clock()
        engine.definition.publish(session, name, files, by="甲", approved_by="乙", now=now)
        session.commit()


def begin(system: System, name: str, count: int, data: Sequence[dict[str, Any]] = ({},)) -> list[str]:
    """Starts real cases, each with the next of `data`; returns their ids."""
    ids = []
    with system.session() as session:
        for number in range(count):
            given = data[number % len(data)]
            now = system.clock()
            ids.append(start(session, system.context, name, given, actor=SYSTEM_ACTOR, now=now))
        session.commit()
    return ids


def copy(system: System, instance_id: str, count: int) -> None:
    """Copies one waiting case `count` times."""
    with system.session() as session:
        rows = _rows_of(session, instance_id)
        tokens = {row["payload"]["task_id"] for row in rows[Job]}
        own = sorted(tokens | {row["id"] for kept in OWN for row in rows[kept]})
        there = session.scalar(select(func.count()).select_from(table_of(Instance))) or 0
        for begun in range(there, there + count, AT_ONCE):
            numbers = range(begun, min(begun + AT_ONCE, there + count))
            for entity, found in rows.items():
                copies = [each for row in found for each in _copies(row, own, numbers)]
                session.execute(insert(table_of(entity)), copies)
        session.commit()


def _rows_of(session: Session, instance_id: str) -> dict[type[Base], list[dict[str, Any]]]:
    """In the order in which foreign keys allow them to be written."""
    rows = {Instance: _found(session, Instance, "id", [instance_id])}
    for entity in (InstanceScope, StateShard, Task, Job, Deadline):
        rows[entity] = _found(session, entity, "instance_id", [instance_id])
    for entity, owner in ((TaskCandidate, Task), (DeadlineEvent, Deadline)):
        owners = [row["id"] for row in rows[owner]]
        rows[entity] = _found(session, entity, f"{table_of(owner).name}_id", owners)
    return rows


def _found(session: Session, entity: type[Base], column: str, values: Sequence[str]) -> list[dict[str, Any]]:
    table = table_of(entity)
    return [dict(row) for row in session.execute(select(table).where(table.c[column].in_(values))).mappings()]


def _copies(row: dict[str, Any], own: Sequence[str], numbers: range) -> Iterator[dict[str, Any]]:
    moving = {name: value for name, value in row.items() if any(old in str(value) for old in own)}
    for number in numbers:
        new = [(old, f"{place:02x}{number:030x}") for place, old in enumerate(own)]
        yield row | {name: _renamed(value, new) for name, value in moving.items()}


def _renamed(value: Any, new: Sequence[tuple[str, str]]) -> Any:
    if isinstance(value, dict):
        return {name: _renamed(each, new) for name, each in value.items()}
    if isinstance(value, str):
        for old, other in new:
            value = value.replace(old, other)
    return value
