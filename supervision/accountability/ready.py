"""RQ-51: no decision document before evidence, facts, 陈述申辩 of everybody and responsibility are complete.

Asked where a document of 问责 is drafted and where it is issued, whatever the diagram says.
Source: R13¶1.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.errors import NotAllowed
from engine.instance.context import Handler, ServiceCall
from supervision.accountability.find import CLOSED, KIND, evidence_count, power_of, respondents_of
from supervision.accountability.in_force import demand_in_force
from supervision.accountability.rules import DISCIPLINE, Rules, read_rules
from supervision.accountability.table import Meeting, Respondent
from supervision.case.deeds import submitted
from supervision.case.find import find_case
from supervision.document.table import Document

DECISION, OTHER = "D26", "D27"
"""问责决定书; 免予、不予问责和撤销案件决定书."""

DECIDED = "予以问责"
DRAFTING, ISSUING, REFUSING = "document.draft", "document.issue", "document.refuse"


def with_decision_guard(processes: Path, handlers: Mapping[str, Handler]) -> dict[str, Handler]:
    """The handlers of 公文制发, which refuse a decision of 问责 that is not ready, and what outlived one."""

    def guarded(name: str, handler: Handler) -> Handler:
        def handle(session: Session, call: ServiceCall, now: datetime) -> Mapping[str, Any]:
            if name != REFUSING:
                demand_ready(processes, session, call)
            if name != DRAFTING:
                demand_in_force(session, call, issuing=name == ISSUING)
            return handler(session, call, now)

        return handle

    watched = (DRAFTING, ISSUING, REFUSING)
    return {name: guarded(name, one) if name in watched else one for name, one in handlers.items()}


def demand_ready(processes: Path, session: Session, call: ServiceCall) -> None:
    """Raises NotAllowed with all that is missing; the reason names the persons."""
    document = session.get(Document, str(call.data.get("doc_id") or ""))
    given = call.data.get("template_code") or call.properties.get("template_code")
    codes = {str(given or ""), document.template_code if document else ""}
    if call.element_id == "svc_prepare":  # a draft of its own: the variable may still name an earlier one
        codes = {str(given or "")}
    if not codes & {DECISION, OTHER}:
        return
    missing = list(
        lacking(read_rules(processes), session, call.instance_id, _about(session, call), DECISION in codes)
    )
    if missing:
        raise NotAllowed(f"还不能制发问责决定书（第十三条）：{'；'.join(missing)}")


def lacking(
    rules: Rules, session: Session, instance_id: str, about: Respondent | None, accountable: bool
) -> Iterator[str]:
    """Sentences. `about` is whom the document is for; `accountable`: it is a 问责决定书."""
    case = find_case(session, instance_id)
    if case is None or case.kind != KIND:
        yield "这不是问责案件"
        return
    rows = respondents_of(session, instance_id)
    if not rows:
        yield "没有被问责对象"
    if not evidence_count(session, instance_id):
        yield "没有登记证据"
    if not str(submitted(session, instance_id, "ut_report").get("facts") or "").strip():
        yield "没有事实认定"
    for row in rows:
        yield from _open(row)
    if about is None:
        yield "没有写明决定书给谁"
        return
    yield from _undecided(rules, session, about, accountable)


def _open(row: Respondent) -> Iterator[str]:
    if row.defence not in CLOSED:
        yield f"{row.name}的陈述申辩还没有结束" if row.told_rounds else f"还没有告知{row.name}陈述申辩的权利"
    elif row.defence != "none" and row.told_on is None:
        yield f"{row.name}的陈述申辩告知书没有送达证明"
    if row.subject_kind == "个人" and (
        not row.responsibility or (row.responsibility == "待认定" and not row.manual_reason)
    ):
        yield f"{row.name}的责任还没有认定"


def _undecided(rules: Rules, session: Session, row: Respondent, accountable: bool) -> Iterator[str]:
    if not row.decision or (row.decision == DECIDED) is not accountable:
        yield f"对{row.name}没有作出这样的决定"
    if not accountable:
        return
    if row.defence == "none":
        yield f"没有告知{row.name}拟处理意见"
    if heavier := rules.heavier(row.final, row.told):
        yield f"对{row.name}的{'、'.join(heavier)}没有告知过"
    if rules.collective(row.level, row.final) and not _discussed(session, row):
        yield f"对{row.name}的处理没有在陈述申辩结束以后经过集体讨论"
    if suggestion := [one for one in row.final if one == DISCIPLINE and power_of(row, one) == "决定"]:
        yield f"{'、'.join(suggestion)}不能由本机关决定，只能建议"


def _discussed(session: Session, row: Respondent) -> bool:
    """Whether 集体讨论 decided about this respondent, after 陈述申辩 was closed."""
    meetings = session.scalars(
        select(Meeting).where(Meeting.instance_id == row.instance_id, Meeting.kind == "集体讨论")
    )
    return any(
        row.defence_closed_at is not None
        and meeting.recorded_at >= row.defence_closed_at
        and any(one.get("respondent") == row.id for one in meeting.decisions)
        for meeting in meetings
    )


def _about(session: Session, call: ServiceCall) -> Respondent | None:
    given = call.data.get("respondent")
    row = session.get(Respondent, str(given.get("id"))) if isinstance(given, Mapping) else None
    return row if row is not None and row.instance_id == call.instance_id else None
