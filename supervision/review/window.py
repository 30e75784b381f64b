"""申请期限: how long a served decision may be brought to 复核, and whether an application is in time.

Source: R13¶2; S:DC art.17 (三十日). The rule of each kind stands at the start event of its diagram.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.actor import Actor
from engine.deadline.compute import compute
from engine.deadline.export import export
from engine.instance import Context
from supervision.account.table import Account
from supervision.accountability.table import Respondent
from supervision.case.find import find_case
from supervision.document.table import Document
from supervision.eyes import with_system_eyes
from supervision.review.decision import decision_by_number, delivery_of


@dataclass(frozen=True)
class Window:
    """One decision and the period to apply; `last_on` is None where no proof of service is on file."""

    decision_no: str
    title: str
    served_on: date | None
    mode: str
    last_on: date | None
    counted: Mapping[str, Any] | None
    """What `engine.deadline.export` makes of the period, for the proof on the page."""

    def late(self, received_on: date) -> bool:
        """Whether an application received on that day needs 正当理由."""
        return self.last_on is not None and received_on > self.last_on


@with_system_eyes
def window_of(
    session: Session, context: Context, decision_no: str, rule_key: str, templates: Collection[str]
) -> Window | None:
    """The period of an issued decision of one of `templates`; None where there is no such decision."""
    document = decision_by_number(session, decision_no)
    if document is None or document.template_code not in templates:
        return None
    proof, rule = delivery_of(session, document), context.rules(session).get(rule_key)
    if proof is None or rule is None:
        return Window(document.doc_no, document.title, None, "", None, None)
    due = compute(rule, context.calendar(session), proof.served_on)
    about = {"id": rule_key, "case": document.doc_no, "name": rule.step}
    return Window(
        document.doc_no, document.title, proof.served_on, proof.mode, due.due_on, export(due, about)
    )


@with_system_eyes
def concerns(session: Session, decision_no: str, actor: Actor) -> bool:
    """Whether the decision was about the actor, or about a unit that the actor works for."""
    document = decision_by_number(session, decision_no)
    if document is None:
        return False
    units = {unit for _, unit in actor.roles if unit}
    found = session.scalars(select(Respondent).where(Respondent.decision_no == document.doc_no)).all()
    if found:
        return any(_is(session, one, actor, units) for one in found)
    return bool(units & _units_of(session, document))


def _is(session: Session, respondent: Respondent, actor: Actor, units: set[str]) -> bool:
    if respondent.subject_kind == "单位":
        return respondent.unit_code in units
    account = session.get(Account, actor.login)
    return account is not None and (account.name, account.unit_code) == (
        respondent.name,
        respondent.unit_code,
    )


def _units_of(session: Session, document: Document) -> set[str]:
    """The unit that the letter went to; else the one that its case is about."""
    case = find_case(session, document.instance_id)
    told = str(document.detail.get("unit") or "")
    return {told or (case.target_unit if case else "")} - {""}
