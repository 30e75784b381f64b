"""Who does a user task in this case: the diagram's roles, moved to the body that handles it, in its unit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from engine.bpmn.program import Node
from engine.errors import StepFailed
from engine.instance.context import Assignment
from engine.store.tables import Instance
from supervision.case import scopes
from supervision.case.find import related_case
from supervision.case.table import Case
from supervision.organisation.scope import UNIT_ROLES, scope_of
from supervision.organisation.units import has_inner_organ, is_unit

INVITEE = "INVITEE"
CLOSED_TO_INVITEES = ("complaint", "accountability", "inspection", "recusal", "rectification", "self_check")
"""Parts of the names of processes that a 特邀督查员 never sees into: complainants, 问责, unpublished scores.

Source: DOMAIN AV-12.
"""

UNIT_ITSELF = "UNIT"
"""Handler of a case that 行为人所在单位 deals with itself. Source: R12."""

HANDLERS_ROLE: dict[str, dict[str, str]] = {
    "DCS": {},
    "QZB": {"DCS_CLERK": "QZB_CLERK", "DCS_LEAD": "QZB_HEAD"},
    "UP": {
        "DCS_CLERK": "UP_LIAISON",
        "DCS_LEAD": "UP_LIAISON",
        "LSG_HEAD": "UP_LIAISON",
        "LSG_DEPUTY": "UP_LIAISON",
        "QZB_CLERK": "UP_LIAISON",
        "QZB_HEAD": "UP_LIAISON",
        "DOC_CLERK": "UP_LIAISON",
    },
    UNIT_ITSELF: {
        "DCS_CLERK": "U_CONTACT",
        "DCS_LEAD": "U_INNER_HEAD",
        "LSG_HEAD": "U_HEAD",
        "LSG_DEPUTY": "U_DEPUTY",
        "LSG_MEMBER": "U_DEPUTY",
        "INVESTIGATOR": "U_CONTACT",
        "HEARER": "U_INNER_HEAD",
        "DOC_CLERK": "U_CONTACT",
    },
}
"""Body that handles the case → role of the diagram → role that acts. Source: DOMAIN AV-6, R12."""


def acting_role(case: Case | None, role: str) -> str:
    """The role that acts in this case for one of the diagram or of a form."""
    return HANDLERS_ROLE[case.handler if case else "DCS"].get(role, role)


def assign(session: Session, node: Node, data: Mapping[str, Any], instance: Instance) -> Assignment:
    """Maps the node's candidates to roles of this case, and lets these see it.

    A node with property `unit=variable` belongs to the unit whose code that variable holds. One with
    `acts=district` stays with the district's own roles when the unit itself handles the case. With
    `only=variable` one role of the node's candidates does it: the one that the variable names.

    Raises:
        StepFailed: the variable holds no unit, or a 特邀督查员 would see what they must not (AV-12).
    """
    if INVITEE in node.candidate_groups and any(part in instance.process_id for part in CLOSED_TO_INVITEES):
        why = f"“{node.name}”不能交给特邀督查员：他们不得接触投诉人身份、未公布的评分和问责材料（AV-12）"
        raise StepFailed(node.id, f"{why}，请流程所有者改派其他角色", data)
    case = related_case(session, instance, data)
    unit = _unit(session, node, data)
    mapped = None if _stays(node, case) else case
    if not unit and mapped is not None and mapped.handler == UNIT_ITSELF:
        unit = mapped.target_unit
    roles = _roles(session, groups_of(node, data), mapped, unit)
    _let_see(session, instance.id, case, roles, unit, data)
    return Assignment(
        roles=roles,
        users=[login for name in node.candidate_users if (login := _person(name, data))],
        assignee=_person(node.assignee or "", data) or None,
        unit_code=unit or None,
    )


def _stays(node: Node, case: Case | None) -> bool:
    return case is not None and case.handler == UNIT_ITSELF and node.properties.get("acts") == "district"


def _unit(session: Session, node: Node, data: Mapping[str, Any]) -> str:
    variable = node.properties.get("unit")
    if not variable:
        return ""
    code = str(data.get(variable) or "")
    if not is_unit(session, code):
        raise StepFailed(node.id, f"变量“{variable}”应为单位代码，但是“{code}”：请先指定承办单位", data)
    return code


def groups_of(node: Node, data: Mapping[str, Any]) -> Sequence[str]:
    """The roles asked. Raises StepFailed: the variable of `only` names none, so that nobody would be."""
    variable = node.properties.get("only")
    if not variable:
        return node.candidate_groups
    role = str(data.get(variable) or "")
    if role not in node.candidate_groups:
        among = "、".join(node.candidate_groups)
        raise StepFailed(
            node.id, f"变量“{variable}”应为 {among} 之一，但是“{role}”：请改正公文目录或表单", data
        )
    return (role,)


def _roles(session: Session, groups: Sequence[str], case: Case | None, unit: str) -> list[tuple[str, str]]:
    """A unit without 督查内设机构 has no contact to hand the task to: its head gets it (DOMAIN 2.2)."""
    moved = [acting_role(case, role) for role in groups]
    pairs = [(role, unit if role in UNIT_ROLES else "") for role in dict.fromkeys(moved)]
    if unit and not has_inner_organ(session, unit):
        pairs = [("U_HEAD", unit) if role in UNIT_ROLES else (role, at) for role, at in pairs]
    return list(dict.fromkeys(pairs))


def _let_see(
    session: Session,
    instance_id: str,
    case: Case | None,
    roles: list[tuple[str, str]],
    unit: str,
    data: Mapping[str, Any],
) -> None:
    seen_by = {scope for role, at in roles if (scope := scope_of(role, at))}
    if case is None:
        scopes.allow(session, instance_id, seen_by)
        return
    scopes.allow(session, instance_id, seen_by - set(scopes.BARRED[case.handler]))
    own = case.instance_id == instance_id
    if own and unit and unit == data.get("lead_unit") and unit != case.lead_unit:
        if case.lead_unit:
            scopes.hide(session, instance_id, [f"unit:{case.lead_unit}"])
        case.lead_unit = unit


def _person(name: str, data: Mapping[str, Any]) -> str:
    """A login, or the variable written ``${variable}`` that holds one."""
    if name.startswith("${") and name.endswith("}"):
        return str(data.get(name[2:-1].strip()) or "")
    return name
