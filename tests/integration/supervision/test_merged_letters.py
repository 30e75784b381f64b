"""并案件: everybody who complained of the same matter gets the result in a letter of their own."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from engine.history.verify import verify_chain
from engine.store.tables import Task
from supervision.complaint import acts
from supervision.complaint.follow import public_status
from supervision.complaint.intake import NewReceipt
from supervision.document.delivery import deliveries_of
from supervision.document.table import Document
from tests.integration.supervision.yunxi import Yunxi


class Merged:
    """A main case that is being investigated, and others that are merged into it."""

    def __init__(self, yunxi: Yunxi) -> None:
        self.yunxi = yunxi
        self.master = yunxi.file()
        yunxi.triage(self.master)
        yunxi.letter(self.master)

    def merge(self, **data: str) -> NewReceipt:
        child = self.yunxi.file(**data)
        self.yunxi.triage(child, route="合并", master_no=self.master.number)
        return child

    def answer(self) -> None:
        self.yunxi.investigate(self.master)
        self.yunxi.letter(self.master)

    def deliver(self, receipt: NewReceipt) -> None:
        """All that is open to deliver in that case."""
        session = self.yunxi.session
        for _ in session.scalars(
            select(Task).where(
                Task.instance_id == receipt.instance_id,
                Task.element_id == "ut_deliver",
                Task.status == "open",
            )
        ).all():
            self.yunxi.do(receipt, "ut_deliver", "clerk1", mode="电话", served_at=self.yunxi.now.isoformat())

    def letters(self, receipt: NewReceipt) -> list[Document]:
        return list(public_status(self.yunxi.session, receipt.instance_id).letters)


@pytest.fixture
def merged(yunxi: Yunxi) -> Merged:
    return Merged(yunxi)


def test_a_merged_complaint_gets_a_numbered_letter_that_names_it_and_no_other(merged: Merged) -> None:
    # given
    child = merged.merge()
    # when
    merged.answer()
    merged.deliver(merged.master)
    # then
    (letter,) = merged.letters(child)
    original = merged.letters(merged.master)[-1]
    assert letter.title == original.title == "投诉处理结果告知书"
    assert (original.doc_no, letter.doc_no) == ("云政公开诉〔2026〕2号", "云政公开诉〔2026〕3号")
    assert (letter.signed_by, letter.detail["signed_as"]) == ("lead", "DCS_LEAD")
    assert child.number in letter.body_html
    assert merged.master.number not in letter.body_html
    assert "名单已经更新" in letter.body_html
    assert "合并办理" in letter.body_html
    assert "合并办理" not in original.body_html
    assert verify_chain(merged.yunxi.session, child.instance_id) is None


def test_the_letter_reaches_the_other_complainant_on_its_own_day(merged: Merged) -> None:
    # given two complaints in one case
    child = merged.merge()
    merged.answer()
    assert merged.yunxi.open(merged.master) == ["ut_deliver"]
    # when
    merged.deliver(merged.master)
    # then
    (delivery,) = deliveries_of(merged.yunxi.session, child.instance_id)
    assert delivery.document_id == merged.letters(child)[0].id
    case = merged.yunxi.case(child)
    assert (case.outcome, case.replied_on) == ("已并案", delivery.served_on)
    assert public_status(merged.yunxi.session, child.instance_id).result == "名单已经更新。"


def test_a_complaint_merged_after_the_answer_is_answered_at_once(merged: Merged) -> None:
    merged.answer()
    child = merged.merge()
    assert [letter.title for letter in merged.letters(child)] == ["投诉处理结果告知书"]
    assert merged.yunxi.open(child) == ["ut_deliver"]
    merged.deliver(child)
    assert merged.yunxi.case(child).outcome == "已并案"


def test_an_anonymous_one_reads_the_letter_by_code(merged: Merged) -> None:
    child = merged.merge(identity_mode="匿名")
    merged.answer()
    assert merged.yunxi.open(merged.master) == ["ut_redact"]
    assert [letter.title for letter in merged.letters(child)] == ["投诉处理结果告知书"]
    assert merged.yunxi.case(child).replied_on == merged.yunxi.now.date()


def test_who_withdrew_before_is_not_written_to(merged: Merged) -> None:
    # given
    yunxi = merged.yunxi
    child = yunxi.file()
    acts.withdraw(yunxi.session, yunxi.context, yunxi.keys, child.instance_id, "已经解决", yunxi.now)
    yunxi.triage(child, route="合并", master_no=merged.master.number)
    # when
    merged.answer()
    # then
    assert merged.letters(child) == []
    assert yunxi.open(merged.master) == ["ut_redact"]
