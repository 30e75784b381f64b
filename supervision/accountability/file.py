"""The file of a case: evidence, who the respondents are, and what the investigators found of each."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.deadline.shanghai import date_of
from engine.instance.context import ServiceCall
from engine.store.tables import Attachment
from supervision.accountability.find import as_variables, evidence_count, respondent_of, respondents_of
from supervision.accountability.rules import Rules
from supervision.accountability.table import Evidence, Respondent
from supervision.organisation.units import unit_name
from supervision.yes import is_yes


def evidence(session: Session, call: ServiceCall, now: datetime) -> Mapping[str, Any]:
    """登记证据: reads ev_type, source, collectors, collected_on, file, proves. Returns evidence_count.

    The digests are those of the files as they are stored, so that a later change shows. Source: R13¶1.
    """
    ids = [str(one) for one in call.data.get("file") or []]
    rows = session.scalars(
        select(Attachment).where(Attachment.id.in_(ids), Attachment.instance_id == call.instance_id)
    )
    session.add(
        Evidence(
            id=uuid.uuid4().hex,
            instance_id=call.instance_id,
            ev_type=str(call.data.get("ev_type") or ""),
            source=str(call.data.get("source") or "")[:200],
            collectors=[str(one) for one in call.data.get("collectors") or []],
            collected_on=_day(call.data.get("collected_on")) or date_of(now),
            files=[{"id": row.id, "digest": row.blob_digest} for row in rows],
            proves=str(call.data.get("proves") or ""),
            recorded_at=now,
            recorded_by=call.actor.login,
        )
    )
    session.flush()
    return {"evidence_count": evidence_count(session, call.instance_id)}


def name_respondents(session: Session, call: ServiceCall, now: datetime) -> Mapping[str, Any]:
    """Takes `subjects` (rows of the report) over; who stands there already keeps what is known of them.

    Returns respondents.
    """
    known = {(row.subject_kind, row.name): row for row in respondents_of(session, call.instance_id)}
    for position, given in enumerate(call.data.get("subjects") or []):
        kind, unit = str(given.get("subject_kind")), str(given.get("unit") or "")
        name = unit_name(session, unit) if kind == "单位" else str(given.get("name") or "").strip()
        row = known.pop((kind, name), None) or _new(session, call.instance_id, kind, name)
        row.position, row.unit_code = position, unit
        row.post = "" if kind == "单位" else str(given.get("post") or "")
        row.person_type = "" if kind == "单位" else str(given.get("person_type") or "")
        row.case_role = [] if kind == "单位" else [str(role) for role in given.get("case_role") or []]
    for gone in known.values():  # taken out of the report before anybody was told
        if not gone.told_rounds:
            session.delete(gone)
    session.flush()
    return {"respondents": [as_variables(session, row) for row in respondents_of(session, call.instance_id)]}


def found(rules: Rules, session: Session, call: ServiceCall, now: datetime) -> Mapping[str, Any]:
    """What was found of one respondent (F-AC-4). Returns respondent, subject_group for DMN-3."""
    row = respondent_of(session, call)
    row.approval_path = str(call.data.get("approval_path") or "") if row.subject_kind == "个人" else ""
    row.level = str(call.data.get("level") or "")
    row.crime_suspected = is_yes(call.data.get("crime_suspected"))
    session.flush()
    return {"respondent": as_variables(session, row), "subject_group": group_of(rules, row)}


def group_of(rules: Rules, row: Respondent) -> str:
    """单位, 领导 or 其他人员, as the table of competence parts them."""
    if row.subject_kind == "单位":
        return "单位"
    return "领导" if set(row.case_role) & set(rules.leaders) else "其他人员"


def _new(session: Session, instance_id: str, kind: str, name: str) -> Respondent:
    row = Respondent(
        id=uuid.uuid4().hex, instance_id=instance_id, position=0, subject_kind=kind, name=name[:100],
        unit_code="", case_role=[], proposed=[], told=[], final=[],
    )  # fmt: skip
    session.add(row)
    return row


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(str(value or "")[:10])
    except ValueError:
        return None
