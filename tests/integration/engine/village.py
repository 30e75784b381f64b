"""Small diagrams published and started in one line, and what people and the pump do with them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

import engine.definition
import engine.job
import engine.task
from engine.errors import StepFailed
from engine.instance import Context, start
from engine.store.tables import HistoryEntry, Incident, Instance
from tests.unit.bpmn import drawn
from tests.unit.bpmn.drawn import process

from .conftest import CLERK, T0, open_task

REST = (
    '<message id="n" name="msg_note"/><message id="d" name="msg_done"/><message id="st" name="msg_stop"/>'
    '<signal id="go" name="全区停办"/><signal id="on" name="恢复"/><error id="err" errorCode="NO"/>'
)
NOTE = '<messageEventDefinition messageRef="n"/>'
DONE = '<messageEventDefinition messageRef="d"/>'
STOP = '<messageEventDefinition messageRef="st"/>'
GO = '<signalEventDefinition signalRef="go"/>'
ON = '<signalEventDefinition signalRef="on"/>'


def user(id: str) -> str:
    """A task of the clerks."""
    return drawn.user(id, attributes='camunda:candidateGroups="CLERK"')


def publish(session: Session, elements: str, lines: str, *, id: str = "p", now: datetime = T0) -> None:
    """One process as a bundle of its own."""
    files = {f"{id}.bpmn": process(elements, lines, id=id, rest=REST)}
    engine.definition.publish(session, id, files, by="owner", approved_by="second", now=now)


def begin(session: Session, context: Context, id: str = "p", *, key: str | None = None, **data: Any) -> str:
    """Starts and commits, also when that ended in an incident; returns the instance's id."""
    try:
        return start(session, context, id, data, actor=CLERK, now=T0, business_key=key)
    except StepFailed as failure:
        return str(session.get_one(Incident, failure.incident_id).instance_id)
    finally:
        session.commit()


def complete(session: Session, context: Context, element_id: str, now: datetime = T0, **data: Any) -> bool:
    """Somebody does a task, and the page commits; false when that ended in an incident."""
    task = open_task(session, element_id)
    try:
        engine.task.complete(session, context, task.id, data, actor=CLERK, now=now)
    except StepFailed:
        return False
    finally:
        session.commit()
        session.expire_all()
    return True


def pump(session: Session, context: Context, now: datetime, queue: str = "engine") -> int:
    """Does what is due, each in its own transaction; returns how many."""
    done = 0
    while job := engine.job.claim(session, queue, owner="w", now=now):
        session.commit()
        engine.job.run(session, context, job.id, owner="w", now=now, runners={})
        session.commit()
        done += 1
    session.expire_all()
    return done


def status(session: Session, instance_id: str) -> str:
    session.expire_all()
    return session.get_one(Instance, instance_id).status


def incident(session: Session) -> Incident:
    """The one that is open."""
    session.expire_all()
    return session.scalars(select(Incident).where(Incident.status == "open")).one()


def history(session: Session, chain: str, like: str) -> list[HistoryEntry]:
    query = select(HistoryEntry).where(HistoryEntry.chain == chain, HistoryEntry.kind.like(like))
    return list(session.scalars(query.order_by(HistoryEntry.seq)))
