"""Which processes in effect a message or signal starts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from engine.store.tables import Definition, DefinitionProcess


@dataclass(frozen=True)
class StartPoint:
    """A start event of the newest version in effect of a bundle."""

    definition_id: str
    key: str
    process_id: str
    element_id: str


def starts_of(session: Session, kind: str, name: str, now: datetime) -> list[StartPoint]:
    """By bundle and process. `kind`: message or signal."""
    newest = (
        select(Definition.key, func.max(Definition.version).label("version"))
        .where(Definition.effective_from <= now)
        .group_by(Definition.key)
        .subquery()
    )
    names = DefinitionProcess.start_signals if kind == "signal" else DefinitionProcess.start_messages
    rows = session.execute(
        select(Definition.id, Definition.key, DefinitionProcess.process_id, names)
        .join(newest, and_(newest.c.key == Definition.key, newest.c.version == Definition.version))
        .join(DefinitionProcess, DefinitionProcess.definition_id == Definition.id)
        .order_by(Definition.key, DefinitionProcess.process_id)
    )
    return [
        StartPoint(definition_id, key, process_id, starts[name])
        for definition_id, key, process_id, starts in rows
        if name in starts
    ]
