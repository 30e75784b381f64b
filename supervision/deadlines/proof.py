"""The proof of a stored deadline: counted again as then, with all that befell it, under its case number.

Whoever may see the case may see the proof: the rows are read through the session's eyes.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.deadline.export import export
from engine.errors import Conflict, EngineError, NotFound
from engine.instance import Context
from engine.instance.calendars_then import CalendarsThen
from engine.instance.course import count, told_of
from engine.instance.rules_then import RulesThen
from engine.store.tables import Deadline, Instance
from supervision.notice.naming import called
from supervision.organisation.units import unit_name

UNPROVED = "这项期限不能重新计算：当时的期限规则或工作日历不在数据库里"


class Proofs:
    """Proves the deadlines of one request; each version of rules and calendar is read once."""

    def __init__(self, session: Session, context: Context) -> None:
        self._session, self._context = session, context
        self._rules, self._calendars = RulesThen(session, context), CalendarsThen(session, context)

    def of(self, row: Deadline) -> dict[str, Any] | None:
        """What `engine.deadline.export` makes of the row; None where the days it has do not follow any more.

        In front, and under ``about`` in the proof: ``id``, ``case`` (案号, or the title of what is no case),
        ``name``, ``unit``, ``status``, ``finished_at``.
        """
        try:
            rule, calendar = self._rules.of(row), self._calendars.of(row.calendar_version)
            then = replace(self._context, calendar=lambda _: calendar)
            due = count(then, self._session, rule, row, told_of(self._session, row.id))
        except EngineError:
            return None  # rules or calendar no longer on file, or a start before the first year
        return export(due, self._about(row)) if due.due_on == row.due_on else None

    def _about(self, row: Deadline) -> dict[str, Any]:
        return {
            "id": row.id,
            "case": called(self._session.get_one(Instance, row.instance_id)),
            "name": row.name,
            "unit": unit_name(self._session, row.unit_code) if row.unit_code else "",
            "status": row.status,
            "finished_at": row.finished_at.isoformat() if row.finished_at else None,
        }


def deadline_of(session: Session, instance_id: str, deadline_id: str) -> Deadline:
    """A deadline of an instance. Raises NotFound when there is none, or it is not visible."""
    row = session.scalars(
        select(Deadline).where(Deadline.id == deadline_id, Deadline.instance_id == instance_id)
    ).first()
    if row is None:
        raise NotFound(f"Expected a deadline {deadline_id} of {instance_id}, but there is none")
    return row


def proved(session: Session, context: Context, row: Deadline) -> dict[str, Any]:
    """The proof of one deadline, as `Proofs.of`. Raises Conflict when it cannot be proved."""
    found = Proofs(session, context).of(row)
    if found is None:
        raise Conflict(UNPROVED)
    return found
