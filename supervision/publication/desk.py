"""公开: puts a result before the public, or records why it is not; and lists what was published."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.actor import Actor
from engine.errors import InvalidData
from engine.history.append import append
from supervision.case.kin import kin
from supervision.case.table import Case
from supervision.identity.key import Keys
from supervision.identity.traces import traces
from supervision.identity.vault import open_fields
from supervision.publication.table import Publication

GROUNDS = ("国家秘密", "法律法规禁止", "三安全一稳定", "商业秘密个人隐私", "内部事务", "过程性信息执法案卷")
"""不公开依据. Source: 政府信息公开条例第十四条至第十六条."""


def publish_result(
    session: Session,
    keys: Keys,
    case: Case,
    text: str,
    *,
    field: str,
    channels: Sequence[str],
    url: str,
    published_on: date,
    title: str = "",
    actor: Actor,
    now: datetime,
) -> Publication:
    """Publishes `text`.

    Raises:
        InvalidData: on `field`, when the text is empty or says who complained or who was complained of.
    Source: R8(8) “不公开处理结果”; DOMAIN C4 (complainant always anonymous).
    """
    if not text.strip():
        raise InvalidData({field: ["公开稿是空的：请写明反映的问题、处理结论和措施。"]})
    sealed = [open_fields(session, keys, one.instance_id) for one in kin(session, case)]
    if found := sorted({label for fields in sealed for label in traces(text, fields)}):
        raise InvalidData(
            {field: [f"公开稿含有投诉人信息（{'、'.join(found)}）：请退回脱敏，投诉人一律写作“投诉人”。"]}
        )
    row = _row(case, actor)
    row.title = title[:200] or row.title
    row.text, row.channels, row.url, row.published_on = text.strip(), list(channels), url, published_on
    return _keep(session, case, row, now, actor, {"published_on": published_on.isoformat()})


def withhold_result(
    session: Session, case: Case, ground: str, *, field: str, actor: Actor, now: datetime
) -> Publication:
    """Records the legal ground on which the result is not published. Raises InvalidData without one."""
    if ground not in GROUNDS:
        raise InvalidData({field: [f"不公开必须有法定依据，请从“{'、'.join(GROUNDS)}”中选择。"]})
    row = _row(case, actor)
    row.nonpub_ground = ground
    return _keep(session, case, row, now, actor, {"ground": ground})


def published(session: Session, limit: int = 20, before: date | None = None) -> Sequence[Publication]:
    """What the public list shows, the newest first; `before` pages on."""
    query = (
        select(Publication)
        .where(Publication.nonpub_ground == "", Publication.published_on.is_not(None))
        .order_by(Publication.published_on.desc(), Publication.number.desc())
        .limit(limit)
    )
    return session.scalars(query.where(Publication.published_on < before) if before else query).all()


def publication_of(session: Session, instance_id: str) -> Publication | None:
    """The newest of a case."""
    return session.scalars(
        select(Publication)
        .where(Publication.instance_id == instance_id)
        .order_by(Publication.published_on.desc(), Publication.id)
    ).first()


def _row(case: Case, actor: Actor) -> Publication:
    return Publication(
        id=uuid.uuid4().hex,
        instance_id=case.instance_id,
        number=case.number,
        title=f"关于{case.target_unit_name or '有关单位'}{case.matter_type or '投诉'}事项的处理结果",
        text="",
        channels=[],
        url="",
        nonpub_ground="",
        approved_by=actor.login,
    )


def _keep(
    session: Session, case: Case, row: Publication, now: datetime, actor: Actor, payload: dict[str, str]
) -> Publication:
    session.add(row)
    if row.published_on:
        case.published_on = row.published_on
    kind = "result.published" if row.published_on else "result.withheld"
    append(session, case.instance_id, kind, at=now, actor=actor, name=row.title, payload=payload)
    session.flush()
    return row
