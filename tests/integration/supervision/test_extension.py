"""延期 (C5): asked for, decided by another, and the complainant is told in a letter of the case."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from engine.errors import Conflict, DeadlineClosed, InvalidData, NotAllowed
from engine.instance import task_view
from engine.store.tables import Deadline, Instance, InstanceScope, Task
from engine.task import complete
from supervision.account.table import Account
from supervision.account.viewer import actor_of
from supervision.complaint.follow import public_status
from supervision.deadlines.request import request_extension
from supervision.document.delivery import deliveries_of
from supervision.document.table import Document
from supervision.identity.vault import open_fields, seal
from supervision.notice import notices_of
from tests.integration.supervision.yunxi import Yunxi

DOCUMENTS_AWAY = "被投诉单位的档案需要从区档案馆调取，尚未收到。"


class Extension:
    """The running handling period of an accepted case, and who asks to extend it."""

    def __init__(self, yunxi: Yunxi, **data: str) -> None:
        self.yunxi = yunxi
        self.receipt = yunxi.file(**data)
        yunxi.triage(self.receipt)
        yunxi.letter(self.receipt)
        self.deadline = yunxi.session.scalars(
            select(Deadline).where(
                Deadline.instance_id == self.receipt.instance_id, Deadline.key == "CP-HANDLE"
            )
        ).one()

    def ask(self, days: int = 10, reason: str = DOCUMENTS_AWAY, by: str = "u01-contact") -> str:
        yunxi = self.yunxi
        actor = actor_of(yunxi.session, yunxi.session.get_one(Account, by), yunxi.now)
        sent = request_extension(
            yunxi.session, yunxi.context, self.deadline.id, days, reason, actor=actor, now=yunxi.now
        )
        assert sent.instance_id
        return sent.instance_id

    def open(self, instance_id: str) -> Task:
        return self.yunxi.session.scalars(
            select(Task).where(Task.instance_id == instance_id, Task.status == "open")
        ).one()

    def do(self, instance_id: str, login: str, **data: object) -> None:
        yunxi = self.yunxi
        actor = actor_of(yunxi.session, yunxi.session.get_one(Account, login), yunxi.now)
        complete(yunxi.session, yunxi.context, self.open(instance_id).id, data, actor=actor, now=yunxi.now)
        yunxi.session.refresh(self.deadline)

    def write(self, instance_id: str) -> str:
        """Drafts and signs the letter as the template has it; returns its text."""
        data = task_view(self.yunxi.session, self.yunxi.context, self.open(instance_id), self.yunxi.now).data
        self.do(instance_id, "clerk1", title=data["title"], body=data["body"])
        self.do(instance_id, "lead", sign_result="同意签发")
        return str(data["body"])

    def letters(self) -> list[Document]:
        return list(public_status(self.yunxi.session, self.receipt.instance_id).letters)


@pytest.fixture
def extension(yunxi: Yunxi) -> Extension:
    return Extension(yunxi)


def test_an_approved_extension_moves_the_day_and_tells_who_asked(extension: Extension) -> None:
    # given
    assert extension.deadline.due_on == date(2026, 3, 23)
    # when
    extension.do(extension.ask(), "lead", approve="同意")
    # then
    assert (extension.deadline.due_on, extension.deadline.extensions) == (date(2026, 4, 7), 1)
    texts = [notice.text for notice in notices_of(extension.yunxi.session, "u01-contact")]
    assert "“办理（交办、调查、认定）”已延期至 2026年4月7日" in texts
    status = public_status(extension.yunxi.session, extension.receipt.instance_id)
    assert (status.due_on, status.extended) == (date(2026, 4, 7), True)
    assert "档案馆" in status.extension_reason


def test_the_complainant_gets_a_letter_with_the_new_day_the_reason_and_who_approved(
    extension: Extension,
) -> None:
    # given
    instance_id = extension.ask()
    extension.do(instance_id, "lead", approve="同意")
    # when
    text = extension.write(instance_id)
    # then the letter belongs to the case, not to the approval
    case = extension.yunxi.case(extension.receipt)
    assert case.number in text
    assert DOCUMENTS_AWAY in text
    assert "原定于2026年3月23日前办结" in text
    assert "经督查室负责人批准，办理期限延长10个工作日，至2026年4月7日止" in text
    letter = extension.letters()[-1]
    assert (letter.title, letter.instance_id) == ("延期告知书", case.instance_id)
    assert letter.doc_no == "云政公开诉〔2026〕2号"
    assert letter.detail["signed_as"] == "DCS_LEAD"


def test_who_received_the_letter_moves_from_the_approval_into_the_cases_record(
    extension: Extension,
) -> None:
    # given a letter that is signed
    instance_id, yunxi = extension.ask(), extension.yunxi
    extension.do(instance_id, "lead", approve="同意")
    extension.write(instance_id)
    # when
    seal(yunxi.session, yunxi.keys, instance_id, {"receiver": "金丝雀"}, yunxi.now)
    extension.do(
        instance_id, "clerk1", mode="直接", served_at="2026-03-02T09:00", place="服务窗口", relation="本人",
        deliverers=["clerk1", "clerk2"], receipt=["f1"],
    )  # fmt: skip
    # then
    letter = extension.letters()[-1]
    (delivery,) = [
        row
        for row in deliveries_of(yunxi.session, extension.receipt.instance_id)
        if row.document_id == letter.id
    ]
    assert delivery.served_on == date(2026, 3, 2)
    assert delivery.receiver
    assert open_fields(yunxi.session, yunxi.keys, instance_id) == {}
    assert yunxi.session.get_one(Instance, instance_id).ended_with == "end_extended"


def test_a_letter_about_an_extension_does_not_name_the_complainant(extension: Extension) -> None:
    instance_id = extension.ask()
    extension.do(instance_id, "lead", approve="同意")
    with pytest.raises(InvalidData, match="投诉人的姓名"):
        extension.do(instance_id, "clerk1", title="延期告知书", body="金丝雀：您反映的事项延期办理。")


def test_an_anonymous_complainant_reads_the_letter_by_code(yunxi: Yunxi) -> None:
    extension = Extension(yunxi, identity_mode="匿名")
    instance_id = extension.ask()
    extension.do(instance_id, "lead", approve="同意")
    extension.write(instance_id)
    assert yunxi.session.get_one(Instance, instance_id).ended_with == "end_extended"
    assert extension.letters()[-1].title == "延期告知书"


def test_what_the_handling_body_asks_for_is_decided_above_it(extension: Extension) -> None:
    # given
    instance_id = extension.ask(by="clerk1")
    assert extension.open(instance_id).element_id == "ut_approve_deputy"
    # when
    with pytest.raises(NotAllowed):
        extension.do(instance_id, "lead", approve="同意")
    extension.do(instance_id, "group-deputy", approve="同意")
    # then
    assert "经领导小组副组长批准" in extension.write(instance_id)


def test_a_refused_extension_leaves_the_day_and_sends_no_letter(extension: Extension) -> None:
    instance_id = extension.ask()
    extension.do(instance_id, "lead", approve="不同意")
    assert extension.deadline.due_on == date(2026, 3, 23)
    texts = [notice.text for notice in notices_of(extension.yunxi.session, "u01-contact")]
    assert any("未获同意" in text for text in texts)
    assert extension.yunxi.session.get_one(Instance, instance_id).ended_with == "end_refused"
    assert [letter.title for letter in extension.letters()] == ["投诉受理告知书"]


def test_an_extension_is_asked_for_once_with_reasons_and_in_time(extension: Extension) -> None:
    with pytest.raises(InvalidData, match="理由"):
        extension.ask(reason="忙")
    with pytest.raises(InvalidData):
        extension.ask(days=11)
    extension.ask()
    with pytest.raises(Conflict, match="正在审批"):
        extension.ask()


def test_after_the_due_day_no_extension_is_taken(extension: Extension) -> None:
    extension.yunxi.now = extension.deadline.due_at
    with pytest.raises(DeadlineClosed):
        extension.ask()


def test_an_extension_is_seen_and_decided_by_who_handles_the_case(yunxi: Yunxi) -> None:
    # given a complaint against 督查室, which 区政府办公室 handles
    receipt = yunxi.file(target_unit="DCS")
    yunxi.triage(receipt, clerk="office-clerk", lead="office-head")
    yunxi.letter(receipt, clerk="office-clerk", lead="office-head")
    deadline = yunxi.session.scalars(
        select(Deadline).where(Deadline.instance_id == receipt.instance_id, Deadline.key == "CP-HANDLE")
    ).one()
    actor = actor_of(yunxi.session, yunxi.session.get_one(Account, "u01-contact"), yunxi.now)
    # when
    sent = request_extension(
        yunxi.session, yunxi.context, deadline.id, 5, DOCUMENTS_AWAY, actor=actor, now=yunxi.now
    )
    # then
    scopes = set(
        yunxi.session.scalars(
            select(InstanceScope.scope).where(InstanceScope.instance_id == sent.instance_id)
        )
    )
    assert "body:QZB" in scopes
    assert "body:DCS" not in scopes
    assert yunxi.case(receipt).number in yunxi.session.get_one(Instance, sent.instance_id).title
