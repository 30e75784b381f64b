"""Hands a draft in, lists and withdraws it, and releases it as a version by somebody else's decision."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import orjson
from sqlalchemy import select
from sqlalchemy.orm import Session

import engine.definition
from engine.actor import Actor
from engine.definition.bundle import digest
from engine.definition.publish import Check
from engine.errors import NotAllowed, NotFound
from engine.history.append import append
from engine.history.digest import SYSTEM_CHAIN
from engine.store.tables import Definition
from supervision.draft.table import DefinitionDraft

_HEAD = (
    DefinitionDraft.id, DefinitionDraft.key, DefinitionDraft.digest, DefinitionDraft.note,
    DefinitionDraft.drafted_by, DefinitionDraft.drafted_at,
)  # fmt: skip


@dataclass(frozen=True)
class Draft:
    """A draft without its files."""

    id: str
    key: str
    digest: str
    note: str
    drafted_by: str
    drafted_at: datetime


def hand_in(
    session: Session,
    key: str,
    files: Mapping[str, str],
    *,
    note: str,
    check: Check,
    actor: Actor,
    now: datetime,
) -> Draft:
    """Checks the bundle and keeps it until somebody else publishes it.

    Raises:
        DiagramError: with all problems; nothing is kept then.
    """
    content = {path: text.encode() for path, text in files.items()}
    _try_out(session, key, content, check, actor, now)
    draft = DefinitionDraft(
        id=uuid.uuid4().hex, key=key, digest=digest(content), note=note, drafted_by=actor.login,
        drafted_at=now, content=orjson.dumps(dict(files)),
    )  # fmt: skip
    session.add(draft)
    session.flush()
    _note(session, "definition.drafted", draft, actor, now)
    return _head(draft)


def _try_out(
    session: Session, key: str, content: Mapping[str, bytes], check: Check, actor: Actor, now: datetime
) -> None:
    """Publishes and takes it back: the draft is then known to stand every check of publishing."""
    trial = session.begin_nested()
    engine.definition.publish(
        session, key, content, by=actor.login, approved_by=actor.login, now=now, check=check, act="drafted"
    )
    trial.rollback()


def drafts(session: Session, *, after: str = "", limit: int) -> Sequence[Draft]:
    """In the order of their ids, those behind `after`."""
    query = select(*_HEAD).where(DefinitionDraft.id > after).order_by(DefinitionDraft.id).limit(limit)
    return [Draft(**row) for row in session.execute(query).mappings()]


def draft_of(session: Session, draft_id: str) -> tuple[Draft, dict[str, str]]:
    """The draft and its files. Raises NotFound."""
    row = _get(session, draft_id)
    return _head(row), orjson.loads(row.content)


def withdraw(session: Session, draft_id: str, *, actor: Actor, now: datetime) -> None:
    """Deletes a draft. Raises NotFound."""
    row = _get(session, draft_id)
    session.delete(row)
    _note(session, "definition.withdrawn", row, actor, now)


def release(session: Session, draft_id: str, *, check: Check, actor: Actor, now: datetime) -> Definition:
    """Publishes the draft as the newest version and deletes it.

    Raises:
        NotFound: no such draft. NotAllowed: it is the actor's own.
        DiagramError: what it refers to has changed since it was handed in.
    """
    row = _get(session, draft_id)
    if row.drafted_by == actor.login:
        raise NotAllowed("起草人与发布人应为两人：请由另一人发布您起草的流程")
    files = {path: text.encode() for path, text in orjson.loads(row.content).items()}
    version = engine.definition.publish(
        session, row.key, files, by=row.drafted_by, approved_by=actor.login, now=now, note=row.note,
        check=check,
    )  # fmt: skip
    session.delete(row)
    session.flush()
    return version


def _get(session: Session, draft_id: str) -> DefinitionDraft:
    row = session.get(DefinitionDraft, draft_id)
    if row is None:
        raise NotFound(f"Expected a draft {draft_id}, but there is none")
    return row


def _head(row: DefinitionDraft) -> Draft:
    return Draft(row.id, row.key, row.digest, row.note, row.drafted_by, row.drafted_at)


def _note(session: Session, kind: str, draft: DefinitionDraft, actor: Actor, now: datetime) -> None:
    payload = {"draft": draft.id, "key": draft.key, "digest": draft.digest}
    append(session, SYSTEM_CHAIN, kind, at=now, actor=actor, name=draft.key, payload=payload)
