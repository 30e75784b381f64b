"""归档 of a closed case: its file is listed, the digest of the list goes on record; it can be built again.

Source: DOMAIN 6.3, AR-FILE; 档案法 (S:DA art.37: 来源可靠、程序规范、要素合规).
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.actor import Actor
from engine.deadline.shanghai import date_of
from engine.errors import Conflict, NotFound
from engine.history.append import append
from supervision.archive.contents import ARCHIVED, Volume, volume_of
from supervision.archive.retention import kept_until, read_retention
from supervision.archive.table import ArchivedFile
from supervision.case.scopes import allow
from supervision.case.table import Case
from supervision.eyes import with_system_eyes

ARCHIVIST = "desk:ARCHIVIST"


@with_system_eyes
def archive(session: Session, processes: Path, case: Case, *, actor: Actor, now: datetime) -> ArchivedFile:
    """Archives the case, or adds to its file what came since; the last record where nothing came.

    Raises:
        Conflict: the case is not closed.
    """
    if case.closed_at is None:
        raise Conflict(f"案件 {case.number} 还没有办结，不能归档：请先办结")
    volume, last = volume_of(session, read_retention(processes), case), last_of(session, case.instance_id)
    if last is not None and last.digest == volume.digest:
        return last
    row = ArchivedFile(
        instance_id=case.instance_id,
        number=last.number + 1 if last else 1,
        digest=volume.digest,
        seq=volume.entries,
        retention=volume.retention,
        kept_until=kept_until(volume.retention, date_of(case.closed_at)),
        archived_at=now,
        archived_by=actor.login,
    )
    session.add(row)
    payload = {"digest": row.digest, "retention": row.retention, "items": len(volume.items), "seq": row.seq}
    name = "归档" if row.number == 1 else "补充归档"
    append(session, case.instance_id, ARCHIVED, at=now, actor=actor, name=name, payload=payload)
    if case.handler in ("DCS", "UNIT"):  # a case against 督查室 stays with whoever handled it (AV-6)
        allow(session, case.instance_id, (ARCHIVIST,))
    session.flush()
    return row


def last_of(session: Session, instance_id: str) -> ArchivedFile | None:
    """The newest record of a case's file."""
    query = select(ArchivedFile).where(ArchivedFile.instance_id == instance_id)
    return session.scalars(query.order_by(ArchivedFile.number.desc())).first()


@with_system_eyes
def archived(session: Session, processes: Path, case: Case) -> tuple[ArchivedFile, Volume]:
    """The record, and the file as it lies in the database now, up to where the record goes.

    Raises:
        NotFound: not archived. Conflict: the file is no longer what was archived.
    """
    row = last_of(session, case.instance_id)
    if row is None:
        raise NotFound(f"Expected an archived case {case.number}, but it is not archived")
    volume = volume_of(session, read_retention(processes), case, row.seq)
    if volume.digest != row.digest:
        raise Conflict(f"案件 {case.number} 的案卷与归档时不一致：归档以后有新材料的，请补充归档；否则请核对")
    return row, volume
