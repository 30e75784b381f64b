"""Published versions of legal bases: written once, the newest of each in force, as rules have them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.actor import Actor
from engine.errors import Conflict, InvalidData, NotFound
from engine.history.append import append
from engine.history.digest import SYSTEM_CHAIN
from engine.store.base import table_of
from engine.store.hold import hold
from engine.store.read_once import forget, read_once
from supervision.basis.basis import REGULATION, Basis, parse_basis
from supervision.basis.table import BasisVersion
from supervision.setting import date_setting, known

BASES = "legal bases in force"
"""Read once in a transaction."""
PUBLISHED = "basis.published"
_versions = table_of(BasisVersion)


def publish_basis(session: Session, text: str, *, by: Actor, now: datetime, reason: str = "") -> BasisVersion:
    """A new version of the basis whose code `text` names; the newest version's text again is that version.

    The caller commits. Raises InvalidData with every problem of the file.
    """
    code = parse_basis(text).code
    hold(session, "basis", code)
    newest = next(iter(basis_versions(session, code)), None)
    digest = hashlib.sha256(text.encode()).hexdigest()
    if newest is not None and newest.digest == digest:
        return newest
    number = newest.version + 1 if newest else 1
    row = BasisVersion(
        code=code, version=number, digest=digest, content=text, published_at=now, published_by=by.login
    )
    session.add(row)
    forget(session, BASES)
    payload = {"code": code, "version": number, "digest": digest, "reason": reason}
    append(session, SYSTEM_CHAIN, PUBLISHED, at=now, actor=by, name=code, payload=payload)
    session.flush()
    return row


def change_basis(session: Session, text: str, *, reason: str, by: Actor, now: datetime) -> BasisVersion:
    """As `publish_basis`, by a person. Raises InvalidData (file, no reason), Conflict (the same again)."""
    if not reason.strip():
        raise InvalidData({"reason": ["请写明修改的理由。"]})
    code = parse_basis(text).code
    before = {row.digest for row in basis_versions(session, code)[:1]}
    row = publish_basis(session, text, by=by, now=now, reason=reason.strip())
    if row.digest in before:
        raise Conflict(f"与正在使用的“{code}”没有不同，没有需要保存的内容")
    return row


def publish_missing(session: Session, processes: Path, *, by: Actor, now: datetime) -> int:
    """Publishes the files of `processes` whose basis is not on file yet; returns how many.

    What the district published itself is never overwritten. The caller commits. Raises InvalidData.
    """
    have = set(session.scalars(select(_versions.c.code).distinct()))
    files = sorted((processes / "regulation" / "bases").glob("*.toml"))
    missing = [path for path in files if path.stem not in have]
    for path in missing:
        publish_basis(session, path.read_text(encoding="utf-8"), by=by, now=now)
    return len(missing)


def basis_versions(session: Session, code: str) -> Sequence[BasisVersion]:
    """All versions of one basis, the newest first."""
    query = select(BasisVersion).where(BasisVersion.code == code)
    return session.scalars(query.order_by(BasisVersion.version.desc())).all()


def bases(session: Session) -> dict[str, Basis]:
    """Code → the version in force. The regulation has the days the district has found out (RQ-02)."""
    return read_once(session, BASES, lambda: _read(session))


def basis(session: Session, code: str) -> Basis:
    """Raises NotFound."""
    found = bases(session).get(code)
    if found is None:
        raise NotFound(f"法律依据库里没有“{code}”：请先在“法律依据”中登记")
    return found


def _read(session: Session) -> dict[str, Basis]:
    rows = session.execute(
        select(_versions.c.code, _versions.c.content).order_by(_versions.c.code, _versions.c.version)
    )
    found = {row.code: parse_basis(row.content) for row in rows}  # the newest of a code comes last
    if REGULATION in found and "regulation_issued_on" in known(session):
        issued_on = date_setting(session, "regulation_issued_on")
        own = found[REGULATION]
        since = date_setting(session, "regulation_effective_from") or issued_on or own.effective_from
        found[REGULATION] = Basis(
            **{**vars(own), "version_date": issued_on or own.version_date, "effective_from": since}
        )
    return found
