"""Looks up declarations and recusals of a case. Every session here sees all rows."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from engine.store.tables import Instance, Task
from supervision.case.find import related_case
from supervision.case.table import Case
from supervision.recusal.table import Declaration, Recusal

AGREED = ("同意回避", "依职权决定回避")


def case_id_of(session: Session, instance: Instance) -> str:
    """The case that an instance belongs to; the instance itself where it belongs to none."""
    case = related_case(session, instance, {})
    return case.instance_id if case else instance.id


def declaration_of(session: Session, case_id: str, login: str) -> Declaration | None:
    """What the person declared in this case."""
    return session.scalars(
        select(Declaration).where(Declaration.case_id == case_id, Declaration.login == login)
    ).first()


def recusals_of(session: Session, case_id: str) -> Sequence[Recusal]:
    """All requests of the case, in the order they were made."""
    return session.scalars(
        select(Recusal).where(Recusal.case_id == case_id).order_by(Recusal.requested_at)
    ).all()


def is_pending(session: Session, case_id: str) -> bool:
    """Whether a request of the case waits for its decision."""
    found = select(Recusal.instance_id).where(Recusal.case_id == case_id, Recusal.decision == "")
    return session.scalar(found.limit(1)) is not None


def standing_aside(session: Session, case_id: str) -> set[str]:
    """Logins of those about whom it was decided."""
    return {row.login for row in recusals_of(session, case_id) if row.decision in AGREED and row.login}


def family(session: Session, case_id: str) -> Sequence[str]:
    """Instances of the case: itself and those it caused that are no case of their own, e.g. one per unit."""
    own = exists().where(Case.instance_id == Instance.id)
    caused = session.scalars(select(Instance.id).where(Instance.cause_id == case_id, ~own)).all()
    return [case_id, *caused]


def doubtful_acts(session: Session, case_id: str) -> Sequence[Task]:
    """需复核效力: what people did in the case before they had to stand aside."""
    logins = standing_aside(session, case_id)
    if not logins:
        return []
    return session.scalars(
        select(Task)
        .where(
            Task.instance_id.in_(family(session, case_id)),
            Task.status == "completed",
            Task.completed_by.in_(logins),
        )
        .order_by(Task.ended_at, Task.id)
    ).all()
