"""Which processes a person may begin: those whose start event has a form and names the person's role.

A start event says so itself: `formKey`, and the properties `starters` (roles), and for a 复核 `window` (the
rule of the period to apply) and `decisions` (templates of the decisions that may be reviewed).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.errors import NotAllowed, NotFound
from engine.store.tables import Definition
from forms.services import now, services
from forms.signed_in import Person

WHY = "发起这个流程由其他角色办理"


@dataclass(frozen=True)
class Entry:
    """A way to begin a process by hand."""

    key: str
    definition_id: str
    name: str
    event: str
    label: str
    """Name of the start event: what happened."""
    form: str
    starters: Sequence[str]
    advice: str
    window: str
    decisions: Sequence[str]

    @property
    def is_review(self) -> bool:
        """Whether a served decision is asked for first."""
        return bool(self.window)


def entries(session: Session, someone: Person) -> list[Entry]:
    """Those that the person may begin, by name."""
    return [entry for entry in _all(session) if someone.holds(*entry.starters)]


def entry_of(session: Session, key: str, someone: Person) -> Entry:
    """Raises NotFound when nothing of that key begins with a form, NotAllowed when it is for others."""
    for entry in _all(session):
        if entry.key == key:
            if not someone.holds(*entry.starters):
                raise NotAllowed(WHY)
            return entry
    raise NotFound(f"Expected a process {key!r} that begins with a form, but there is none")


def _all(session: Session) -> list[Entry]:
    newest = (
        select(Definition.key, func.max(Definition.version).label("version"))
        .where(Definition.effective_from <= now())
        .group_by(Definition.key)
        .subquery()
    )
    rows = session.scalars(
        select(Definition)
        .join(newest, (Definition.key == newest.c.key) & (Definition.version == newest.c.version))
        .order_by(Definition.name)
    )
    return [entry for row in rows for entry in _of(session, row)]


def _of(session: Session, row: Definition) -> list[Entry]:
    found = []
    for process in services().context.programs.get(session, row.id).processes.values():
        for node in process.nodes.values():
            starters = _parts(node.properties.get("starters", ""))
            if node.kind == "startEvent" and node.scope is None and node.form and starters:
                entry = Entry(
                    process.id, row.id, row.name, node.id, node.name, node.form, starters, node.documentation,
                    node.properties.get("window", ""), _parts(node.properties.get("decisions", "")),
                )  # fmt: skip
                found.append(entry)
    return found


def _parts(text: str) -> list[str]:
    return [part for raw in text.split(",") if (part := raw.strip())]
