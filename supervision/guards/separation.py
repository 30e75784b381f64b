"""职责分离: what one person did, another checks (AV-7, and the 复核 by another clerk).

A node names its rule: property `guard=not_drafter`; several are separated by commas. Which earlier tasks
count may be set by `guardElements=ut_a,ut_b`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.actor import Actor
from engine.bpmn.program import Node
from engine.errors import NotAllowed
from engine.instance.context import GuardCall
from engine.store.tables import Task


@dataclass(frozen=True)
class Separation:
    """Whoever completed one of `elements` may not do the guarded task."""

    elements: Sequence[str]
    reason: str
    here_only: bool
    """Counts only within the same call or sub-process: another document has another drafter."""
    starter: bool = False
    """Whoever started the instance counts too."""


RULES = {
    "not_drafter": Separation(("ut_draft",), "您起草了这份公文，不能由您签发（AV-7）：请由另一人签发", True),
    "not_own_draft": Separation(
        ("ut_draft",), "您起草了这份公文，不能由您核稿、审核（AV-7）：请由另一人办理", True
    ),
    "not_checker": Separation(("ut_check",), "您核稿了这份公文，不能由您签发（AV-7）：请由另一人签发", True),
    "not_sealer": Separation(("ut_seal",), "您提出了作废，不能由您审批（AV-7）：请由另一人审批", True),
    "not_author": Separation(
        ("ut_redact", "ut_draft"), "您拟了这份公开稿，不能由您做保密审查（AV-7）：请由另一人审查", True
    ),
    "not_applicant": Separation(
        ("ut_apply",), "您提出了这项申请，不能由您审批（AV-7）：请由另一人审批", True, starter=True
    ),
    "not_investigator": Separation(
        ("ut_investigate", "ut_unit_handle"),
        "您办理了本案的调查，不能由您审定（AV-7）：请由另一人审定",
        False,
    ),
    "not_server": Separation(
        ("ut_serve",), "您登记了这次送达，不能由您批准公告（AV-7）：请由另一人审批", True
    ),
    "another_person": Separation(
        ("ut_investigate", "ut_review", "ut_callback"),
        "回访后的复查应由未经办过本案的人员进行：请由另一名经办人办理",
        False,
    ),
}

ELSEWHERE = frozenset(
    {
        "served_by_law", "declared", "not_decider", "not_target", "no_pending_recusal", "in_team",
        "leads_team", "told_within", "not_investigating",
    }
)  # fmt: skip
"""Names that other files of this folder ask."""


def rules_of(node: Node) -> list[str]:
    """The rules that the node names."""
    return [name for part in node.properties.get("guard", "").split(",") if (name := part.strip())]


def separate_duties(session: Session, call: GuardCall, actor: Actor, now: datetime) -> None:
    """Asks every rule the node names. Raises NotAllowed, also for a rule nobody knows."""
    for name in rules_of(call.node):
        if name in ELSEWHERE:
            continue
        rule = RULES.get(name)
        if rule is None:
            raise NotAllowed(f"流程图为“{call.task.name}”写的守则“{name}”不存在：请流程所有者改正")
        elements = call.node.properties.get("guardElements", "").replace(" ", "").split(",")
        started = rule.starter and call.instance.started_by == actor.login
        if started or _did(
            session, call.task, [e for e in elements if e] or rule.elements, rule.here_only, actor
        ):
            raise NotAllowed(rule.reason)


def _did(session: Session, task: Task, elements: Sequence[str], here_only: bool, actor: Actor) -> bool:
    query = select(Task.id).where(
        Task.instance_id == task.instance_id,
        Task.element_id.in_(elements),
        Task.status == "completed",
        Task.completed_by == actor.login,
    )
    if here_only:
        query = query.where(Task.shard == task.shard)
    return session.scalars(query.limit(1)).first() is not None
