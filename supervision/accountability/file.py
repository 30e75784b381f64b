"""The file of a case: evidence, who the respondents are, and what the investigators found of each."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.deadline.shanghai import date_of
from engine.errors import InvalidData
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

    Returns respondents. Raises InvalidData on `subjects`.
    """
    known = list(respondents_of(session, call.instance_id))
    next_position = max((row.position for row in known), default=-1) + 1
    for given in call.data.get("subjects") or []:
        read = _read(session, given)
        row = next((one for one in known if _is(one, read)), None)
        if row is None:
            row = _new(session, call.instance_id, read["subject_kind"], next_position)
            next_position += 1
        else:
            known.remove(row)
        for part, value in read.items():
            setattr(row, part, value)
    for gone in known:  # taken out of the report before anybody was told
        if not gone.told_rounds:
            session.delete(gone)
    session.flush()
    return {"respondents": [as_variables(session, row) for row in respondents_of(session, call.instance_id)]}


def _read(session: Session, given: Mapping[str, Any]) -> dict[str, Any]:
    """A row of the report by column.

    Raises:
        InvalidData: on `subjects`, a person without name, or a row without unit.
    """
    kind, unit = str(given.get("subject_kind")), str(given.get("unit") or "")
    person = kind != "单位"
    name = str(given.get("name") or "").strip() if person else unit_name(session, unit)
    if not unit or not name:
        raise InvalidData({"subjects": ["每一名被问责对象都应选择所在单位；个人还应填写姓名。"]})
    if person and not given.get("case_role"):
        raise InvalidData({"subjects": [f"请选择{name}在本案中的角色（第十条按角色区分责任）。"]})
    return {
        "subject_kind": kind,
        "name": name[:100],
        "unit_code": unit,
        "post": str(given.get("post") or "")[:100] if person else "",
        "person_type": str(given.get("person_type") or "") if person else "",
        "case_role": [str(role) for role in given.get("case_role") or []] if person else [],
    }


def _is(row: Respondent, read: Mapping[str, Any]) -> bool:
    """Whether a row of a later report is about one known already: unit, name and post tell."""
    return all(getattr(row, part) == read[part] for part in ("subject_kind", "unit_code", "name", "post"))


def found(rules: Rules, session: Session, call: ServiceCall, now: datetime) -> Mapping[str, Any]:
    """What was found of one respondent (F-AC-4).

    Returns respondent, subject_group for DMN-3, case_roles for DMN-1, measures_known.
    """
    row = respondent_of(session, call)
    row.approval_path = str(call.data.get("approval_path") or "") if row.subject_kind == "个人" else ""
    row.level = str(call.data.get("level") or "")
    row.crime_suspected = is_yes(call.data.get("crime_suspected"))
    session.flush()
    return {
        "respondent": as_variables(session, row),
        "subject_group": group_of(rules, row),
        "case_roles": list(row.case_role),
        "measures_known": list(rules.known_measures),
    }


def group_of(rules: Rules, row: Respondent) -> str:
    """单位, 领导 or 其他人员, as the table of competence parts them."""
    if row.subject_kind == "单位":
        return "单位"
    return "领导" if set(row.case_role) & set(rules.leaders) else "其他人员"


def _new(session: Session, instance_id: str, kind: str, position: int) -> Respondent:
    row = Respondent(
        id=uuid.uuid4().hex, instance_id=instance_id, position=position, subject_kind=kind, name="",
        unit_code="", case_role=[], powers={}, proposed=[], told=[], final=[],
    )  # fmt: skip
    session.add(row)
    return row


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(str(value or "")[:10])
    except ValueError:
        return None
