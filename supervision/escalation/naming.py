"""How a case is called in warnings, letters and lists: its number, else its process. No person."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.store.tables import Instance
from supervision.case.find import find_case


def called(session: Session, instance_id: str) -> str:
    """``TS-2026-0001``, or ``单位自查 2026H1 东溪街道办事处`` for what is no case."""
    case = find_case(session, instance_id)
    if case is not None:
        return case.number
    return session.scalar(select(Instance.title).where(Instance.id == instance_id)) or ""
