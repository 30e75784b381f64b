"""Looks definitions up: by id, by key, by process, by the message that starts them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from engine.bpmn.binding import Call
from engine.errors import NotFound
from engine.store.tables import Definition, DefinitionFile, DefinitionProcess


def definition(session: Session, definition_id: str) -> Definition:
    """Raises NotFound."""
    found = session.get(Definition, definition_id)
    if found is None:
        raise NotFound(f"Expected a process version {definition_id}, but there is none")
    return found


def current(session: Session, name: str, now: datetime) -> tuple[Definition, str]:
    """The version in effect at `now` of the bundle or process called `name`, and the process id.

    Raises:
        NotFound: nothing of that name is published, or not in effect yet.
    """
    found = session.execute(
        select(Definition, DefinitionProcess.process_id)
        .join(DefinitionProcess, DefinitionProcess.definition_id == Definition.id)
        .where(
            or_(DefinitionProcess.process_id == name, Definition.key == name),
            Definition.effective_from <= now,
        )
        .order_by((DefinitionProcess.process_id == name).desc(), Definition.version.desc())
        .limit(1)
    ).first()
    if found is None:
        raise NotFound(f"Expected a published process {name!r}, but there is none in effect at {now}")
    return found[0], found[1]


def bound(session: Session, call: Call, now: datetime) -> Definition:
    """The version that a call activity means, if published at `now`: the newest in effect, the one of that
    number, or the newest in effect with that tag.

    Raises:
        NotFound: there is none.
    """
    wanted = (
        select(Definition)
        .join(DefinitionProcess, DefinitionProcess.definition_id == Definition.id)
        .where(DefinitionProcess.process_id == call.process, Definition.effective_from <= now)
        .order_by(Definition.version.desc())
        .limit(1)
    )
    if call.binding == "version":
        wanted = wanted.where(Definition.version == int(call.version))
    elif call.binding == "versionTag":
        wanted = wanted.where(Definition.version_tag == call.tag)
    found = session.scalars(wanted).first()
    if found is None:
        raise NotFound(
            f"Expected a version of {call.process} for {call}, but there is none in effect at {now}"
        )
    return found


def versions(session: Session, key: str) -> list[Definition]:
    """All versions of a bundle, newest first."""
    return list(
        session.scalars(select(Definition).where(Definition.key == key).order_by(Definition.version.desc()))
    )


def files_of(session: Session, definition_id: str) -> dict[str, bytes]:
    """Path → content, byte for byte as published."""
    rows = session.execute(
        select(DefinitionFile.path, DefinitionFile.content).where(
            DefinitionFile.definition_id == definition_id
        )
    )
    return {row.path: row.content for row in rows}


def files_in_effect(session: Session, now: datetime) -> dict[str, dict[str, bytes]]:
    """Key of every bundle → the files of its version in effect at `now`."""
    rows = session.execute(
        select(Definition.key, Definition.id)
        .where(Definition.effective_from <= now)
        .order_by(Definition.key, Definition.version)
    )
    newest = {row.key: row.id for row in rows}  # the newest of a key comes last
    return {key: files_of(session, definition_id) for key, definition_id in newest.items()}
