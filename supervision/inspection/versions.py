"""Published versions of the checklist: written once, read through a cache."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.actor import Actor
from engine.errors import Conflict, NotFound
from engine.history.append import append
from engine.history.digest import SYSTEM_CHAIN
from engine.store.base import table_of
from engine.store.hold import hold
from supervision.inspection.checklist import Checklist, parse
from supervision.inspection.table import ChecklistVersion

_versions = table_of(ChecklistVersion)
FOLDER = "checklist"
"""Below `processes`: one file per version."""


def publish(session: Session, content: str, *, by: Actor, now: datetime, reason: str = "") -> Checklist:
    """A new version; the same file again is the version already there. The caller commits.

    Raises:
        InvalidData: with every problem of the file. Conflict: the version was published with other content.
    """
    found = parse(content)
    hold(session, "checklist")
    digest = hashlib.sha256(content.encode()).hexdigest()
    known = session.get(ChecklistVersion, found.version)
    if known is not None:
        if known.digest != digest:
            raise Conflict(f"指标 {found.version} 版已经发布，不能改动：请把 version 改成新的版本号再发布")
        return found
    session.add(
        ChecklistVersion(
            version=found.version,
            name=found.name,
            effective_from=found.effective_from,
            content=content,
            digest=digest,
            published_at=now,
            published_by=by.login,
            reason=reason,
        )
    )
    payload = {"version": found.version, "digest": digest, "reason": reason}
    append(session, SYSTEM_CHAIN, "checklist.published", at=now, actor=by, name=found.name, payload=payload)
    session.flush()
    return found


def publish_files(session: Session, processes: Path, *, by: Actor, now: datetime) -> None:
    """Publishes every file of processes/checklist, the oldest name first."""
    for path in sorted((processes / FOLDER).glob("*.toml")):
        publish(session, path.read_text(), by=by, now=now, reason="初始导入")


def versions(session: Session) -> Sequence[ChecklistVersion]:
    """All versions, the one that takes effect last first."""
    order = (ChecklistVersion.effective_from.desc(), ChecklistVersion.published_at.desc())
    return session.scalars(select(ChecklistVersion).order_by(*order)).all()


def version_in_force(session: Session, on: date) -> str:
    """The newest version that was in effect on that day. Raises NotFound when there is none."""
    query = (
        select(_versions.c.version)
        .where(_versions.c.effective_from <= on)
        .order_by(_versions.c.effective_from.desc(), _versions.c.published_at.desc())
        .limit(1)
    )
    found = session.scalar(query)
    if found is None:
        raise NotFound("还没有生效的督查指标：请先发布 processes/checklist 中的文件")
    return str(found)


def checklist_of(session: Session, version: str) -> Checklist:
    """Raises NotFound for a version that was not published."""
    digest = session.scalar(select(_versions.c.digest).where(_versions.c.version == version))
    if digest is None:
        raise NotFound(f"没有督查指标 {version} 版：请在方案中选择已发布的一版")
    return _parsed(digest) if digest in _contents else _read(session, version, digest)


_contents: dict[str, str] = {}
"""Digest → content: a version never changes."""


def _read(session: Session, version: str, digest: str) -> Checklist:
    content = session.scalar(select(_versions.c.content).where(_versions.c.version == version)) or ""
    _contents[digest] = content
    return _parsed(digest)


@lru_cache(maxsize=16)
def _parsed(digest: str) -> Checklist:
    return parse(_contents[digest])
