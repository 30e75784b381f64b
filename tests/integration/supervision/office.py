"""The small district at work: files complaints, does tasks, looks at cases."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.instance import Context
from engine.store.tables import Task
from engine.task import complete
from supervision.case.table import Case
from supervision.complaint.evidence import Upload
from supervision.complaint.intake import PUBLIC, NewReceipt, register
from supervision.document.table import Document
from supervision.identity.key import Keys
from tests.integration.supervision.people import actor

PHOTO = Upload("evidence", "金丝雀的照片.JPG", "image/jpeg", b"\xff\xd8canary-00007731")
SEALED = {
    "name": "金丝雀", "phone": "13800007731", "address": "百灵巷七号", "email": "canary@example.org",
    "representatives": ["杜鹃代表"], "facts": "我是金丝雀，三月一日在窗口看到的名单还是前年的。",
    "request": "请金丝雀所在社区更新",
    "target_person": "乌鸦科长", "other_ref": "12345-CANARY-77",
}  # fmt: skip
CANARIES = ("金丝雀", "00007731", "百灵巷", "canary", "CANARY", "杜鹃", "乌鸦")
DATA = {
    "target_unit": "U01", "matter_type": "投诉", "identity_mode": "实名", "reply_mode": "电话",
    "topics": ["不更新"], "other_channel": "未向其他渠道反映",
}  # fmt: skip


class Office:
    """The district with its small process: files, works, follows."""

    def __init__(self, session: Session, context: Context, keys: Keys, now: datetime) -> None:
        self.session, self.context, self.keys, self.now = session, context, keys, now

    def file(self, start_event: str = "st_web", **data: Any) -> NewReceipt:
        return register(
            self.session, self.context, self.keys, {**DATA, **data}, SEALED, [PHOTO],
            actor=PUBLIC if start_event == "st_web" else actor("clerk"),
            now=self.now, start_event=start_event,
        )  # fmt: skip

    def do(self, receipt: NewReceipt, element_id: str, who: str, **data: Any) -> None:
        task = self.session.scalars(
            select(Task).where(
                Task.instance_id == receipt.instance_id, Task.element_id == element_id, Task.status == "open"
            )
        ).one()
        complete(self.session, self.context, task.id, data, actor=actor(who), now=self.now)

    def open(self, receipt: NewReceipt) -> list[str]:
        return list(
            self.session.scalars(
                select(Task.element_id).where(Task.instance_id == receipt.instance_id, Task.status == "open")
            )
        )

    def accept(self, receipt: NewReceipt, **data: Any) -> None:
        """Up to the unit's desk."""
        given = {"gaps": [], "extract": "街道公示的名单没有更新", "lead_unit": "U01", **data}
        self.do(receipt, "ut_complete", "clerk", **given)
        document = self.session.scalars(
            select(Document).where(Document.instance_id == receipt.instance_id)
        ).one()
        self.do(receipt, "ut_draft", "clerk", title=document.title, body="您的投诉已受理。")
        self.do(receipt, "ut_sign", "lead", sign_result="同意签发")

    def case(self, receipt: NewReceipt) -> Case:
        return self.session.get_one(Case, receipt.instance_id, populate_existing=True)
