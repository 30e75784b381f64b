"""回避: nobody handles a complaint against themselves (AV-5, AV-6)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from engine.actor import Actor
from engine.errors import NotAllowed
from engine.instance.context import GuardCall
from supervision.case.deeds import submitted
from supervision.case.find import find_case, related_case
from supervision.case.open import COMPLAINT, COMPLAINT_REVIEW
from supervision.case.table import Case
from supervision.yes import is_yes

BARRED_ROLES: dict[str, tuple[str, ...]] = {
    "DCS": (),
    "QZB": ("DCS_",),
    "UP": ("DCS_", "LSG_"),
    "UNIT": (),
}
"""Body that handles the case → roles of the body complained of."""

HANDED_TO_UNITS = ("转办承办单位", "联合办理")


def no_self_handling(session: Session, call: GuardCall, actor: Actor, now: datetime) -> None:
    """AV-6: who belongs to the body complained of does no task of the case, by another role neither."""
    case = related_case(session, call.instance, call.data)
    if case is None:
        return
    barred = BARRED_ROLES[case.handler]
    if barred and any(role.startswith(barred) for role, _ in actor.roles):
        if case.kind == COMPLAINT_REVIEW:
            raise NotAllowed("您所在的机构办理了原投诉，不能复核（AV-3）：请由承办复核的机构的人员办理")
        raise NotAllowed("本案反映的是您所在的机构，您应当回避（AV-6）：请由承办机构的其他人员办理")


def no_transfer_to_the_target(session: Session, call: GuardCall, actor: Actor, now: datetime) -> None:
    """AV-5: such a complaint is not handed to the unit it is about.

    Source: 信访工作条例第三十条第三款、第四十六条第五项.
    """
    units = _handed_to(call)
    case = find_case(session, call.instance.id) if units else None
    if case is None or case.kind != COMPLAINT or case.target_unit not in units:
        return
    if why := _protected(session, case, call):
        raise NotAllowed(
            f"{why}，不得转给被投诉单位“{case.target_unit_name}”自行办理（AV-5）："
            "请选择“督查室直办”，或指定其他单位承办"
        )


def _handed_to(call: GuardCall) -> set[str]:
    lead = call.data.get("lead_unit")
    if not lead or call.data.get("mode", HANDED_TO_UNITS[0]) not in HANDED_TO_UNITS:
        return set()
    return {str(lead), *(str(unit) for unit in call.data.get("co_units") or [])}


def _protected(session: Session, case: Case, call: GuardCall) -> str:
    if case.matter_type == "举报":
        return "本案是举报"
    if case.identity_mode == "实名但要求保密":
        return "投诉人要求保密"
    if is_yes(submitted(session, call.instance.id, "ut_complete").get("target_is_leader")):
        return "被投诉人是单位领导"
    if submitted(session, call.instance.id, "ut_triage").get("confidentiality") == "严格保密":
        return "本案严格保密"
    return ""
