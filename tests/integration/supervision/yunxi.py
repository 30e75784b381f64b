"""The demo district with the published processes: who does which task, step by step."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.instance import Context, task_view
from engine.store.tables import Instance, Task
from engine.task import complete
from supervision.account.table import Account
from supervision.account.viewer import actor_of
from supervision.case.table import Case
from supervision.complaint.intake import PUBLIC, NewReceipt, register
from supervision.identity.key import Keys
from supervision.recusal.declare import declare
from tests.integration.supervision.office import DATA, PHOTO, SEALED

ELEMENTS = {
    "suspected_duty_crime": False,
    "suspected_other_crime": False,
    "is_disclosure_application": False,
    "disclosure_dispute": False,
    "in_scope_unit": True,
    "in_scope_subject": True,
    "finally_reviewed": False,
    "concrete_lead": True,
    "target_is_leader": False,
    "gaps": [],
    "duplicate_of": "",
}
"""F-CP-2 of an ordinary complaint."""

TRIAGE = {
    "route": "受理", "category": "一般投诉", "grounds": [], "confidentiality": "一般", "urgency": "一般",
    "master_no": "", "reason": "属于受理范围",
}  # fmt: skip


class Yunxi:
    """Works on one complaint at a time."""

    def __init__(self, session: Session, context: Context, keys: Keys, now: datetime) -> None:
        self.session, self.context, self.keys, self.now = session, context, keys, now

    def file(self, start_event: str = "st_web", **data: Any) -> NewReceipt:
        given = {**DATA, "channel": "网站", "privacy_ack": True, **data}
        sealed = {} if given["identity_mode"] == "匿名" else SEALED
        return register(
            self.session, self.context, self.keys, given, sealed, [PHOTO],
            actor=PUBLIC, now=self.now, start_event=start_event,
        )  # fmt: skip

    def do(self, receipt: NewReceipt, element_id: str, login: str, **data: Any) -> None:
        task = self.task(receipt, element_id)
        actor = actor_of(self.session, self.session.get_one(Account, login), self.now)
        complete(self.session, self.context, task.id, data, actor=actor, now=self.now)

    def declares(self, receipt: NewReceipt, login: str) -> None:
        """No conflict, as everybody states before they investigate."""
        actor = actor_of(self.session, self.session.get_one(Account, login), self.now)
        instance = self.session.get_one(Instance, receipt.instance_id)
        answers = {"has_conflict": "无", "confidentiality_pledge": True}
        declare(self.session, self.context, instance, answers, actor=actor, now=self.now)

    def task(self, receipt: NewReceipt, element_id: str) -> Task:
        """The one open task drawn as `element_id`."""
        return self.session.scalars(
            select(Task).where(
                Task.instance_id == receipt.instance_id, Task.element_id == element_id, Task.status == "open"
            )
        ).one()

    def open(self, receipt: NewReceipt) -> list[str]:
        """Element ids of the open tasks, in alphabetical order."""
        return sorted(
            self.session.scalars(
                select(Task.element_id).where(Task.instance_id == receipt.instance_id, Task.status == "open")
            )
        )

    def case(self, receipt: NewReceipt) -> Case:
        return self.session.get_one(Case, receipt.instance_id, populate_existing=True)

    def triage(self, receipt: NewReceipt, clerk: str = "clerk1", lead: str = "lead", **triage: Any) -> None:
        """Up to the route; who may not decide it alone has it approved."""
        elements = {**ELEMENTS, "target_unit": self.case(receipt).target_unit, **triage.pop("elements", {})}
        self.do(receipt, "ut_complete", clerk, extract="公示栏里的低保名单没有更新", **elements)
        self.do(receipt, "ut_triage", clerk, **{**TRIAGE, **triage})
        if "ut_triage_ok" in self.open(receipt):
            self.do(receipt, "ut_triage_ok", lead, approve="同意")

    def letter(
        self, receipt: NewReceipt, clerk: str = "clerk1", lead: str = "lead", mode: str = "电话"
    ) -> None:
        """Drafts, signs and, where it is to be delivered, delivers the document that is open."""
        data = task_view(self.session, self.context, self.task(receipt, "ut_draft"), self.now).data
        self.do(receipt, "ut_draft", clerk, title=data["title"], body=data["body"])
        self.do(receipt, "ut_sign", lead, sign_result="同意签发", body=data["body"])
        if "ut_deliver" in self.open(receipt):
            self.do(receipt, "ut_deliver", clerk, mode=mode, served_at=self.now.isoformat())

    def decide(self, receipt: NewReceipt, lead: str = "lead", **decision: Any) -> None:
        given = {
            "conclusion": "属实", "grounds": [], "rectify": False, "accountability": False,
            "reply": "名单已经更新。", "publish_text": "投诉人反映属实，名单已经更新。", "publish": True,
        }  # fmt: skip
        self.do(receipt, "ut_decide", lead, **{**given, **decision})

    def investigate(self, receipt: NewReceipt, **decision: Any) -> None:
        """直办, from 交办 to the decision."""
        self.do(receipt, "ut_assign", "lead", mode="督查室直办", due="2026-03-20")
        self.declares(receipt, "clerk1")
        self.do(receipt, "ut_investigate", "clerk1", facts="名单停在前年", investigators=["clerk1", "clerk2"])
        self.do(receipt, "ut_review", "clerk2", dcs_review="通过")
        self.do(receipt, "ut_review_ok", "lead", dcs_review="通过")
        self.decide(receipt, **decision)

    def publish(
        self, receipt: NewReceipt, text: str = "投诉人反映属实，名单已经更新。", lead: str = "lead"
    ) -> None:
        self.do(receipt, "ut_redact", "publisher", redacted_text=text, self_review="通过", channels=["网络"])
        self.do(receipt, "ut_secrecy_review", "secrecy", secrecy_result="可公开", redacted_text=text)
        self.do(receipt, "ut_approve", lead, approve="同意", redacted_text=text)
