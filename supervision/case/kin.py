"""The cases whose complainants a text could name: its own, what that follows from, what it took in."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from engine.store.tables import Instance
from supervision.case.find import find_case
from supervision.case.table import Case, CaseLink

FARTHEST = 20
"""Steps back along what caused what: a 整改 of a 整改 of a complaint is four."""


def kin(session: Session, case: Case) -> Sequence[Case]:
    """`case` first, then those it follows from (整改, 问责), reviews (复核) or took in (并案).

    The session sees every row: who writes about a case need not see the one before it.
    """
    found, waiting = {case.instance_id: case}, [case.instance_id]
    for _ in range(FARTHEST):
        if not waiting:
            break
        instance_id = waiting.pop(0)
        for other in _beside(session, instance_id):
            one = find_case(session, other)
            if one is not None and other not in found:
                found[other] = one
                waiting.append(other)
    return list(found.values())


def _beside(session: Session, instance_id: str) -> list[str]:
    links = session.execute(
        select(CaseLink.instance_id, CaseLink.other_id).where(
            or_(
                CaseLink.instance_id == instance_id,
                and_(CaseLink.other_id == instance_id, CaseLink.kind == "并案"),
            )
        )
    )
    linked = [row.other_id if row.instance_id == instance_id else row.instance_id for row in links]
    instance = session.get(Instance, instance_id)
    for _ in range(FARTHEST):  # what lies between two cases may be none: one instance per unit, for one
        instance = session.get(Instance, instance.cause_id) if instance and instance.cause_id else None
        if instance is None or find_case(session, instance.id) is not None:
            break
    return [*linked, *([instance.id] if instance is not None else [])]
