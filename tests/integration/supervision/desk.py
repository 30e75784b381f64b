"""Asks the guards about one case, as a person who is about to claim or complete a task."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from engine.actor import Actor
from engine.bpmn.program import Node
from engine.history.append import append
from engine.instance.context import Guard, GuardCall
from engine.store.tables import Instance, Task
from supervision.case.table import Case
from tests.integration.supervision.people import actor


class Desk:
    """Asks all guards about one case."""

    def __init__(self, session: Session, case: Case, guards: list[Guard], now: datetime) -> None:
        self.session, self.case, self.guards, self.now = session, case, guards, now

    def task(self, element_id: str, *, by: str | None = None, shard: str = "") -> Task:
        row = Task(
            id=uuid.uuid4().hex, instance_id=self.case.instance_id, shard=shard, process_id="complaint",
            element_id=element_id, name=element_id, status="completed" if by else "open",
            created_at=self.now, ended_at=self.now if by else None, completed_by=by,
        )  # fmt: skip
        self.session.add(row)
        self.session.flush()
        return row

    def submitted(self, element_id: str, **data: Any) -> None:
        append(
            self.session, self.case.instance_id, "task.completed", at=self.now, actor=actor("clerk"),
            element_id=element_id, payload=data,
        )  # fmt: skip

    def ask(
        self, who: str | Actor, element_id: str = "ut_x", *, shard: str = "", act: str = "complete",
        properties: dict[str, str] | None = None, **data: Any,
    ) -> None:  # fmt: skip
        node = Node(
            id=element_id,
            name=element_id,
            kind="userTask",
            process_id="complaint",
            properties=properties or {},
        )
        instance = self.session.get_one(Instance, self.case.instance_id)
        call = GuardCall(self.task(element_id, shard=shard), node, instance, data, act)
        for guard in self.guards:
            guard(self.session, call, actor(who) if isinstance(who, str) else who, self.now)
