"""A complaint through a small diagram: each topic, each act of the complainant, no trace of a canary."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.actor import SYSTEM_ACTOR
from engine.attachment import content_of
from engine.definition import publish
from engine.errors import InvalidData, NotAllowed
from engine.history.verify import verify_chain
from engine.instance import Context
from engine.store.tables import Attachment, Deadline, HistoryEntry, HistoryPayload, Instance, Task
from engine.store.visibility import see_as
from engine.task import complete
from supervision.account.viewer import viewer_of_actor
from supervision.case.table import Case
from supervision.complaint.acts import add_material, rate, request_review, withdraw
from supervision.complaint.evidence import PLACE, Upload
from supervision.complaint.follow import public_status
from supervision.complaint.intake import PUBLIC, NewReceipt, add_sealed, register
from supervision.deadlines.versions import publish_calendar, publish_rules
from supervision.document.table import Document
from supervision.identity.key import Keys
from supervision.identity.receipt import check_code
from supervision.identity.vault import open_bytes, open_fields
from supervision.notice import notices_of
from supervision.publication.desk import published
from supervision.setting import put_setting
from supervision.setup import make_context
from tests.integration.supervision.conftest import actor

HERE = Path(__file__).parent
PROCESSES = HERE.parents[2] / "processes"
PHOTO = Upload("evidence", "金丝雀的照片.JPG", "image/jpeg", b"\xff\xd8canary-7731")
SEALED = {
    "name": "金丝雀", "phone": "13800007731", "address": "百灵巷七号", "email": "canary@example.org",
    "representatives": ["杜鹃代表"], "facts": "我是金丝雀，三月一日在窗口看到的名单还是前年的。",
    "request": "请金丝雀所在社区更新",
    "target_person": "乌鸦科长", "other_ref": "12345-CANARY-77",
}  # fmt: skip
CANARIES = ("金丝雀", "7731", "百灵巷", "canary", "CANARY", "杜鹃", "乌鸦")
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


@pytest.fixture
def office(district: Session, keys: Keys, now: datetime) -> Office:
    put_setting(district, "organ_word", "云")
    publish_rules(district, (PROCESSES / "deadlines.toml").read_text(), by=SYSTEM_ACTOR, now=now)
    calendar = (PROCESSES / "calendar" / "2026.toml").read_text()
    publish_calendar(district, 2026, calendar, by=SYSTEM_ACTOR, now=now)
    files = {"complaint.bpmn": (HERE / "district" / "complaint" / "complaint.bpmn").read_bytes()}
    publish(district, "complaint", files, by="owner", approved_by="lead", now=now)
    return Office(district, make_context(HERE / "district", keys), keys, now)


def test_filing_starts_the_case_seals_the_identity_and_gives_a_receipt(office: Office) -> None:
    # when
    receipt = office.file()
    # then
    assert (receipt.number, receipt.with_phone) == ("TS-2026-0001", True)
    assert open_fields(office.session, office.keys, receipt.instance_id) == SEALED
    assert check_code(office.session, receipt.number, receipt.code, "7731", office.now).instance_id
    assert office.open(receipt) == ["ut_complete"]
    instance = office.session.get_one(Instance, receipt.instance_id)
    assert (instance.business_key, instance.started_by) == (receipt.number, "public")
    assert [n.text for n in notices_of(office.session, "clerk")] == [
        "新任务：研判（TS-2026-0001 投诉 东湖街道办事处）"
    ]


def test_a_call_is_filed_by_the_clerk_and_completed_later(office: Office) -> None:
    # given
    receipt = office.file("st_phone")
    # when the clerk reads the record back
    add_sealed(
        office.session, office.keys, receipt.instance_id, {"phone": "13900008842"},
        actor=actor("clerk"), now=office.now,
    )  # fmt: skip
    # then
    assert office.case(receipt).channel == "电话"
    assert open_fields(office.session, office.keys, receipt.instance_id)["phone"] == "13900008842"


def test_evidence_is_stored_sealed_and_its_name_is_not_kept(office: Office) -> None:
    receipt = office.file()
    row = office.session.scalars(
        select(Attachment).where(Attachment.instance_id == receipt.instance_id)
    ).one()
    assert (row.filename, row.sealed, row.size_bytes) == ("证据1.jpg", True, len(PHOTO.content))
    _, stored = content_of(office.session, row.id)
    assert open_bytes(office.session, office.keys, receipt.instance_id, PLACE, stored) == PHOTO.content


def test_a_failed_start_leaves_nothing_behind(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    # given the vault fails after the instance started
    office.session.commit()

    def broken(*args: object, **kwargs: object) -> None:
        raise OSError("disk")

    monkeypatch.setattr("supervision.complaint.intake.seal", broken)
    # when
    with pytest.raises(OSError, match="disk"):
        office.file()
    office.session.rollback()
    # then
    assert office.session.scalars(select(Instance)).all() == []
    monkeypatch.undo()
    assert office.file().number == "TS-2026-0001"


def test_no_canary_is_found_anywhere_but_in_the_vault(
    office: Office, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    # given a case through every step, with everything a complainant can add
    caplog.set_level(logging.DEBUG)
    receipt = office.file()
    session, context, keys, case_id = office.session, office.context, office.keys, receipt.instance_id
    office.do(receipt, "ut_complete", "clerk", gaps=["事实"], extract="街道公示的名单没有更新")
    add_material(session, context, keys, case_id, "金丝雀补充：百灵巷也是", [PHOTO], office.now)
    office.accept(receipt)
    office.do(
        receipt, "ut_unit_handle", "contact", facts="已更新", publish_text="投诉人反映属实，已更新名单。"
    )
    request_review(session, context, keys, case_id, "金丝雀不认可这个结果，请复核", [], office.now)
    rate(session, keys, case_id, "不满意", "金丝雀不满意", office.now)
    session.commit()
    # when
    stored = b"".join(path.read_bytes() for path in tmp_path.glob("test.db*"))
    # then
    assert "街道公示的名单没有更新".encode() in stored  # the search finds what is there
    assert [word for word in CANARIES if word.encode() in stored] == []
    assert [word for word in CANARIES if word in caplog.text] == []
    assert verify_chain(session, case_id) is None


def test_the_unit_sees_the_case_only_when_it_was_handed_to_it(office: Office) -> None:
    # given
    receipt, eyes = office.file(), viewer_of_actor(actor("contact"))

    def seen() -> bool:
        before = office.session.info["viewer"]
        see_as(office.session, eyes)
        office.session.expire_all()
        found = office.session.scalars(select(Case.number)).all()
        see_as(office.session, before)
        return receipt.number in found

    assert not seen()
    # when
    office.accept(receipt)
    # then
    assert seen()
    assert office.open(receipt) == ["ut_unit_handle"]


def test_acceptance_is_issued_numbered_and_delivered(office: Office) -> None:
    # when
    receipt = office.file()
    office.accept(receipt)
    # then
    (letter,) = public_status(office.session, receipt.instance_id).letters
    assert (letter.doc_no, letter.drafted_by, letter.signed_by) == ("云政公开诉〔2026〕1号", "clerk", "lead")
    assert "您的投诉已受理。" in letter.body_html
    assert "2026年3月2日" in letter.body_html
    assert (office.case(receipt).accepted_on, office.case(receipt).status) == (office.now.date(), "办理中")


def test_the_drafter_may_not_sign_their_own_letter(office: Office) -> None:
    receipt = office.file()
    office.do(receipt, "ut_complete", "clerk", gaps=[], extract="名单没有更新", lead_unit="U01")
    office.do(receipt, "ut_draft", "clerk", title="受理告知书", body="已受理")
    with pytest.raises(NotAllowed, match="AV-7"):
        office.do(receipt, "ut_sign", "clerk")
    office.do(receipt, "ut_sign", "clerk2")


def test_an_extract_that_names_the_complainant_is_refused(office: Office) -> None:
    receipt = office.file()
    with pytest.raises(InvalidData, match="姓名"):
        office.do(receipt, "ut_complete", "clerk", gaps=[], extract="金丝雀反映名单没有更新")
    assert office.open(receipt) == ["ut_complete"]


def test_a_published_text_that_names_the_complainant_stops_the_step(office: Office) -> None:
    # given
    receipt = office.file()
    office.accept(receipt)
    # when the unit knows the name from elsewhere
    with pytest.raises(InvalidData, match="公开稿含有投诉人信息"):
        office.do(receipt, "ut_unit_handle", "contact", publish_text="金丝雀反映属实")
    # then
    assert office.open(receipt) == ["ut_unit_handle"]
    assert published(office.session) == []


def test_supplementing_restarts_the_clock_of_the_triage(office: Office) -> None:
    # given
    receipt = office.file()
    office.do(receipt, "ut_complete", "clerk", gaps=["事实"], extract="待补正")
    office.now += timedelta(days=2)
    # when
    said = add_material(
        office.session, office.context, office.keys, receipt.instance_id, "补充事实", [], office.now
    )
    # then
    assert "重新计算" in said
    assert office.open(receipt) == ["ut_complete"]
    running = office.session.scalars(
        select(Deadline).where(Deadline.instance_id == receipt.instance_id, Deadline.status == "running")
    ).one()
    assert (running.key, running.start_on) == ("CP-TRIAGE", office.now.date())


def test_material_that_nobody_asked_for_is_kept_and_told_to_the_handlers(office: Office) -> None:
    receipt = office.file()
    said = add_material(
        office.session, office.context, office.keys, receipt.instance_id, "又想起", [], office.now
    )
    assert "一并研究" in said
    assert "TS-2026-0001：投诉人补充了材料" in [n.text for n in notices_of(office.session, "lead")]
    with pytest.raises(NotAllowed, match="请写明"):
        add_material(office.session, office.context, office.keys, receipt.instance_id, " ", [], office.now)


def test_withdrawing_stops_the_handling(office: Office) -> None:
    # given
    receipt = office.file()
    office.accept(receipt)
    # when
    withdraw(office.session, office.context, office.keys, receipt.instance_id, "已经解决", office.now)
    # then
    status = public_status(office.session, receipt.instance_id)
    assert (status.stage, status.result) == ("已办结（已撤回）", "您已撤回投诉，办理终止。")
    assert office.open(receipt) == []
    with pytest.raises(NotAllowed, match="另行投诉"):
        withdraw(office.session, office.context, office.keys, receipt.instance_id, "再来", office.now)


def test_a_withdrawal_before_acceptance_is_told_to_the_handlers_once(office: Office) -> None:
    receipt = office.file()
    withdraw(office.session, office.context, office.keys, receipt.instance_id, "", office.now)
    assert office.open(receipt) == ["ut_complete"]
    with pytest.raises(NotAllowed, match="已经申请过"):
        withdraw(office.session, office.context, office.keys, receipt.instance_id, "", office.now)


def test_the_query_page_shows_stage_period_and_what_is_allowed(office: Office) -> None:
    # given
    receipt = office.file()
    # when
    status = public_status(office.session, receipt.instance_id)
    # then
    assert (status.stage, status.handler, status.due_on) == (
        "正在研判",
        "领导小组督查室",
        date(2026, 3, 9),
    )
    assert [step.label for step in status.milestones if step.on] == ["已登记"]
    allowed = status.allowed
    assert (allowed.supplement, allowed.withdraw, allowed.rate, allowed.review) == (True, True, False, False)
    with pytest.raises(NotAllowed, match="不能申请复核"):
        request_review(
            office.session, office.context, office.keys, receipt.instance_id, "不认可" * 5, [], office.now
        )
    with pytest.raises(NotAllowed, match="才能评价"):
        rate(office.session, office.keys, receipt.instance_id, "满意", "", office.now)


def test_a_review_is_asked_for_with_reasons_and_ends_this_process(office: Office) -> None:
    # given
    receipt = office.file()
    office.accept(receipt)
    office.do(receipt, "ut_unit_handle", "contact", publish_text="投诉人反映属实，已更新。", reply="已更新")
    args = (office.session, office.context, office.keys, receipt.instance_id)
    assert public_status(office.session, receipt.instance_id).allowed.review
    # when / then
    with pytest.raises(NotAllowed, match="至少 10 个字"):
        request_review(*args, "不认可", [], office.now)
    request_review(*args, "名单只更新了一半，请重新核查", [], office.now)
    assert office.case(receipt).outcome == "复核中"


def test_a_rating_is_given_once(office: Office) -> None:
    receipt = office.file()
    office.accept(receipt)
    withdraw(office.session, office.context, office.keys, receipt.instance_id, "已经解决", office.now)
    rate(office.session, office.keys, receipt.instance_id, "满意", "", office.now)
    assert office.case(receipt).public_rating == "满意"
    with pytest.raises(NotAllowed, match="您已评价"):
        rate(office.session, office.keys, receipt.instance_id, "不满意", "", office.now)
    with pytest.raises(NotAllowed, match="选择一项"):
        rate(office.session, office.keys, receipt.instance_id, "很好", "", office.now)


def test_a_like_complaint_is_suggested_to_the_clerk(office: Office) -> None:
    # given
    first = office.file()
    office.now += timedelta(days=3)
    # when
    second = office.file()
    # then
    suggested = _variable(office, second, "duplicate_suggestions")
    assert suggested == [first.number]


def _variable(office: Office, receipt: NewReceipt, name: str) -> Any:
    content = office.session.execute(
        select(HistoryPayload.content)
        .join(
            HistoryEntry,
            (HistoryEntry.chain == HistoryPayload.chain) & (HistoryEntry.seq == HistoryPayload.seq),
        )
        .where(HistoryEntry.chain == receipt.instance_id, HistoryEntry.element_id == "svc_register")
    ).scalar_one()
    return orjson.loads(content)[name]


def test_a_complaint_against_the_office_is_worked_on_elsewhere(
    office: Office, keys: Keys, sessions: Callable[[], Session]
) -> None:
    """T19, AV-6."""
    # given
    receipt = office.file(target_unit="DCS")
    # then
    with pytest.raises(NotAllowed):
        office.do(receipt, "ut_complete", "clerk", gaps=[])
    office.do(receipt, "ut_complete", "office", gaps=[], extract="反映督查室", lead_unit="U01")
    assert office.case(receipt).handler == "QZB"
    assert public_status(office.session, receipt.instance_id).handler == "区政府办公室"
