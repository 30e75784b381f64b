"""The forms of a published version, parsed once: a version never changes."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.definition import definition
from engine.errors import NotFound
from engine.store.tables import DefinitionFile
from forms.schema import FormFile

KEPT = 500
_found: dict[tuple[str, str], FormFile] = {}
"""(version, key) → form: as many as were published and opened since the start."""


def form_of(session: Session, definition_id: str, key: str) -> FormFile:
    """The form `key` of a version, or of a version whose process it calls.

    Raises:
        NotFound: no such form was published with it.
    """
    found = _found.get((definition_id, key))
    if found is None:
        found = _found[definition_id, key] = _look_up(session, definition_id, key)
    return found


def _look_up(session: Session, definition_id: str, key: str) -> FormFile:
    for version in _family(session, definition_id):
        row = session.execute(
            select(DefinitionFile.digest, DefinitionFile.content).where(
                DefinitionFile.definition_id == version,
                DefinitionFile.path.in_((f"{key}.form", f"forms/{key}.form")),
            )
        ).first()
        if row:
            return _parse(row.content, key)
    raise NotFound(f"Expected a form {key!r} with version {definition_id}, but there is none")


def _family(session: Session, definition_id: str) -> Iterator[str]:
    """The version and those it calls, near ones first."""
    waiting, seen = [definition_id], set()
    while waiting:
        version = waiting.pop(0)
        if version in seen:
            continue
        seen.add(version)
        yield version
        waiting.extend(definition(session, version).calls.values())


@lru_cache(maxsize=KEPT)
def _parse(content: bytes, key: str) -> FormFile:
    return FormFile.parse(content, key)
