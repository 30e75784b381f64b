"""回避声明: what a person states before the first task of a case; a conflict begins a 回避决定.

Source: AV-1, AV-2; F-AV-1.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy.orm import Session

import engine.message
from engine.actor import Actor
from engine.errors import Conflict, InvalidData
from engine.history.append import append
from engine.instance.context import Context
from engine.store.tables import Instance
from supervision.recusal.find import case_id_of, declaration_of
from supervision.recusal.table import Declaration

KINDS = ("本人利害关系", "亲属关系", "曾任证人", "曾参与原处理", "本单位人员", "其他")
REQUEST = "msg_recusal_request"


def declare(
    session: Session,
    context: Context,
    instance: Instance,
    answers: Mapping[str, Any],
    *,
    actor: Actor,
    now: datetime,
) -> Declaration:
    """Keeps the declaration of `actor`; with a conflict, C3 begins in the same transaction.

    `answers`: has_conflict (有 or 无), conflict_type (of KINDS), detail, confidentiality_pledge.

    Raises:
        InvalidData: keyed by field. Conflict: the person declared before.
    """
    conflict = _judged(answers)
    case_id = case_id_of(session, instance)
    if declaration_of(session, case_id, actor.login) is not None:
        raise Conflict("您已经作过本案的回避声明；情况有变化的，请申请回避")
    row = Declaration(
        id=uuid4().hex, case_id=case_id, login=actor.login, has_conflict=conflict,
        conflict_type=list(answers.get("conflict_type") or []) if conflict else [],
        detail=str(answers.get("detail") or "").strip()[:2000] if conflict else "", declared_at=now,
    )  # fmt: skip
    session.add(row)
    session.flush()
    append(
        session, case_id, "recusal.declared", at=now, actor=actor, name="回避声明",
        payload={"has_conflict": "有" if conflict else "无"},
    )  # fmt: skip
    if conflict:
        reason = f"{'、'.join(row.conflict_type)}：{row.detail}"
        request(session, context, case_id, actor.login, reason, origin="声明", actor=actor, now=now)
    return row


def request(
    session: Session,
    context: Context,
    case_id: str,
    login: str,
    reason: str,
    *,
    origin: str,
    actor: Actor,
    now: datetime,
    applicant: str = "",
    sealed: bool = False,
) -> None:
    """Begins C3 about `login` (or a name) in the case. `origin`: 声明, 申请 or 依职权.

    `sealed`: the applicant's own words lie in the vault; whoever registers the request writes down what of
    them says nothing about who complained.
    """
    instance = session.get_one(Instance, case_id)
    payload = {
        "case_no": instance.business_key, "about": case_id, "target_person": login, "reason": reason,
        "origin": origin, "applicant": applicant or actor.name or actor.login, "sealed": sealed,
    }  # fmt: skip
    engine.message.publish(
        session, context, REQUEST, payload, correlation=f"{instance.business_key}:{uuid4().hex[:8]}",
        actor=actor, now=now,
    )  # fmt: skip


def _judged(answers: Mapping[str, Any]) -> bool:
    faults: dict[str, list[str]] = {}
    stated = answers.get("has_conflict")
    if stated not in ("有", "无"):
        faults["has_conflict"] = ["请选择是否存在应当回避的情形。"]
    if stated == "有":
        kinds = list(answers.get("conflict_type") or [])
        if not kinds or any(kind not in KINDS for kind in kinds):
            faults["conflict_type"] = ["请至少选择一种情形。"]
        if not str(answers.get("detail") or "").strip():
            faults["detail"] = ["请说明情形，例如与谁是什么关系。"]
    if answers.get("confidentiality_pledge") not in (True, "true", "on", "是"):
        faults["confidentiality_pledge"] = ["办理本案须承诺保密，请勾选。"]
    if faults:
        raise InvalidData(faults)
    return bool(stated == "有")
