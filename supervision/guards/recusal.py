"""回避: who must declare first (AV-1, AV-2), who stands aside, what a pending request holds up."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from engine.actor import Actor
from engine.bpmn.program import Node
from engine.errors import NotAllowed
from engine.instance.context import GuardCall
from engine.store.base import table_of
from engine.store.prepared import Prepared
from engine.store.tables import Instance
from supervision.case.find import RECUSAL
from supervision.document.table import Document
from supervision.guards.separation import rules_of
from supervision.recusal.find import AGREED, case_id_of, declaration_of, is_pending, recusals_of
from supervision.recusal.table import Recusal

SIGNINGS = ("ut_sign", "ut_sign_head")
DECISIONS = ("D05", "D15", "D22", "D26", "D27", "D28", "D30", "D35")
"""Documents that decide about somebody; acknowledgements and requests for material are not held up."""


_recusals = table_of(Recusal)
_about = Prepared(
    select(_recusals.c.decision, _recusals.c.origin).where(
        _recusals.c.case_id == bindparam("case"), _recusals.c.login == bindparam("login")
    )
)
"""Asked in every step of everybody."""


class Undeclared(NotAllowed):
    """The task waits for the person's 回避声明."""


def must_declare(session: Session, node: Node, instance: Instance, actor: Actor) -> bool:
    """Whether the person has to declare before a task of that node. The session sees all rows."""
    if "declared" not in rules_of(node) or actor.kind == "system":
        return False
    return declaration_of(session, case_id_of(session, instance), actor.login) is None


def declared(session: Session, call: GuardCall, actor: Actor, now: datetime) -> None:
    """`guard=declared`: no task before the declaration F-AV-1. Raises Undeclared."""
    if must_declare(session, call.node, call.instance, actor):
        raise Undeclared("办理本案以前，请先作回避声明和保密承诺（AV-1）：打开该任务，填写“回避声明”后再签收")


def not_recused(session: Session, call: GuardCall, actor: Actor, now: datetime) -> None:
    """Whoever stands aside does no task of the case; whoever declared a conflict waits for the decision."""
    if call.instance.process_id == RECUSAL:
        _not_about_oneself(session, call, actor)
        return
    case_id = case_id_of(session, call.instance)
    for decision, origin in _about.rows(session, case=case_id, login=actor.login):
        if decision in AGREED:
            raise NotAllowed("已经决定您在本案回避（AV-1）：请由其他人员办理")
        if origin == "声明" and not decision:
            raise NotAllowed(
                "您声明存在应当回避的情形，正在等待回避决定（AV-1）：作出决定以前请由其他人员办理"
            )


def nobody_pending(session: Session, call: GuardCall, actor: Actor, now: datetime) -> None:
    """A pending request does not stop the investigation, but no decision is made or signed meanwhile."""
    if call.act != "complete" or call.instance.process_id == RECUSAL or not _decides(session, call):
        return
    if is_pending(session, case_id_of(session, call.instance)):
        raise NotAllowed("本案有回避申请尚未决定，不得作出或者签发决定（AV-11）：请先就回避作出决定")


def _decides(session: Session, call: GuardCall) -> bool:
    if "no_pending_recusal" in rules_of(call.node):
        return True
    if call.task.element_id not in SIGNINGS:
        return False
    draft = select(Document.id).where(
        Document.instance_id == case_id_of(session, call.instance),
        Document.status == "draft",
        Document.template_code.in_(DECISIONS),
    )
    return session.scalar(draft.limit(1)) is not None


def _not_about_oneself(session: Session, call: GuardCall, actor: Actor) -> None:
    if "not_target" not in rules_of(call.node):
        return
    case_id = case_id_of(session, call.instance)
    own = [row for row in recusals_of(session, case_id) if row.instance_id == call.instance.id]
    if any(row.login == actor.login for row in own):
        raise NotAllowed("这项回避申请与您本人有关，不能由您决定（AV-11）：请由上一级负责人决定")
