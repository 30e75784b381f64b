"""Topics that the small diagram does not reach: handing over, merging, guiding, boxes, extensions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.definition import publish
from engine.errors import Conflict, DeadlineClosed, InvalidData, NotAllowed, StepFailed
from engine.instance import ServiceCall
from engine.store.tables import Deadline, Instance, InstanceScope, Task
from engine.task import complete
from supervision.case.outcome import close, reply
from supervision.case.table import Case
from supervision.complaint import topics as complaint
from supervision.complaint.duplicates import duplicates, likeness
from supervision.complaint.follow import public_status
from supervision.deadlines.request import request_extension
from supervision.document.titles import series_of, title_of
from supervision.notice import notices_of
from supervision.organisation import topics as organisation
from supervision.organisation.table import BoxOpening
from tests.integration.supervision.conftest import PROCESSES
from tests.integration.supervision.office import Office
from tests.integration.supervision.people import actor


def call(case: Case | None = None, properties: dict[str, str] | None = None, **data: Any) -> ServiceCall:
    instance_id = case.instance_id if case else "x"
    return ServiceCall(instance_id, "", "complaint", "svc_x", "步骤", data, properties or {}, actor("clerk"))


@pytest.mark.parametrize(
    ("target", "properties", "handler"),
    [("DCS", {}, "QZB"), ("LSG", {}, "UP"), ("U01", {}, "QZB"), ("U01", {"handler": "UP"}, "UP")],
)
def test_handing_over_goes_to_the_body_the_rule_names(
    open_case: Callable[..., Case], district: Session, now: datetime, target: str,
    properties: dict[str, str], handler: str,
) -> None:  # fmt: skip
    # given a case whose target turned out only at the triage
    case = open_case()
    # when
    result = complaint.hand_over(district, call(case, properties, target_unit=target), now)
    # then
    assert (result, case.handler) == ({"handler": handler}, handler)
    scopes = district.scalars(
        select(InstanceScope.scope).where(InstanceScope.instance_id == case.instance_id)
    ).all()
    assert "body:DCS" not in scopes
    told = notices_of(district, "office" if handler == "QZB" else "upper")
    assert [notice.text for notice in told] == [f"{case.number} 因回避转由本机构办理"]


def test_an_unknown_handler_stops_the_step(
    open_case: Callable[..., Case], district: Session, now: datetime
) -> None:
    with pytest.raises(StepFailed, match="承办机构"):
        complaint.hand_over(district, call(open_case(), {"handler": "XX"}), now)


def test_a_merged_complaint_gets_the_result_of_its_master(
    open_case: Callable[..., Case], district: Session, now: datetime
) -> None:
    """T15."""
    # given
    master, child = open_case(), open_case()
    complaint.merge(district, call(child, master_no=master.number), now)
    close(district, child, "已并案", {}, now)
    assert "合并办理" in child.outcome_text
    # when
    master.conclusion = "属实"
    reply(district, master, "已更新目录", now.date())
    # then
    assert (child.outcome, child.outcome_text, child.conclusion) == ("已并案", "已更新目录", "属实")
    with pytest.raises(StepFailed, match="没有可并入的主件"):
        complaint.merge(district, call(child, master_no="TS-2026-0099"), now)


def test_who_wants_a_document_is_told_whom_to_ask(
    open_case: Callable[..., Case], district: Session, now: datetime
) -> None:
    """T21."""
    assert complaint.guide(district, call(open_case()), now) == {
        "guide_contact": "东湖街道办事处督查科（电话 0000）"
    }
    case = open_case(target_unit="U02")
    assert "区住房局的政府信息公开工作机构" in complaint.guide(district, call(case), now)["guide_contact"]
    assert "提出政府信息公开申请" in case.outcome_text


@pytest.mark.parametrize(
    ("properties", "data", "outcome", "text"),
    [
        ({"outcome": "不予受理"}, {}, "不予受理", "不在受理范围"),
        ({"outcome": "${route}"}, {"route": "不再受理"}, "不再受理", "已经终结"),
        ({"outcome": "已答复"}, {"answer": "请到一楼办理。"}, "已答复", "请到一楼办理。"),
        ({}, {"reply": "已更新"}, "已办结", "已更新"),
    ],
)
def test_closing_says_how_it_ended(
    open_case: Callable[..., Case], district: Session, now: datetime,
    properties: dict[str, str], data: dict[str, Any], outcome: str, text: str,
) -> None:  # fmt: skip
    case = open_case()
    complaint.close(district, call(case, properties, **data), now)
    assert (case.outcome, case.status, case.closed_at) == (outcome, outcome, now)
    assert text in case.outcome_text


def test_variables_are_mirrored_but_never_who_handles_it(
    open_case: Callable[..., Case], district: Session, now: datetime
) -> None:
    case = open_case()
    complaint.accept(
        district, call(case, category="信访", extract="名单没有更新", target_unit="U02", handler="UP"), now
    )
    assert (case.category, case.extract, case.target_unit_name) == ("信访", "名单没有更新", "区住房局")
    assert case.handler == "DCS"


def test_alike_complaints_are_suggested_the_likeliest_first(
    open_case: Callable[..., Case], district: Session, now: datetime
) -> None:
    # given
    old = open_case(now - timedelta(days=91), topics=["不更新"])
    topic = open_case(now - timedelta(days=9), topics=["不更新"])
    text = open_case(now - timedelta(days=9), target_unit="U02", topics=["其他"])
    both = open_case(now - timedelta(days=9), topics=["不更新"])
    other = open_case(now - timedelta(days=9), target_unit="U02", topics=["不更新"])
    case = open_case(topics=["不更新"])
    text.extract = both.extract = "低保名单公示栏内容停留在前年没有更新"
    case.extract = "低保名单公示栏的内容停留在前年，没有更新"
    # when
    found = duplicates(district, case, now)
    # then
    assert list(found) == [both, topic, text]
    assert [likeness(case, c) for c in (other,)] == [0.0]
    assert old not in found


def test_an_empty_box_is_recorded_too(district: Session, now: datetime) -> None:
    organisation.box_opened(
        district, call(box_id="BOX1", opened_at="2026-03-06T17:00", openers=["clerk", "clerk2"], count=0), now
    )
    row = district.scalars(select(BoxOpening)).one()
    assert (row.count, row.openers) == (0, ["clerk", "clerk2"])
    assert row.opened_at == datetime(2026, 3, 6, 9, 0, tzinfo=UTC)  # the form's time is the district's


@pytest.mark.parametrize(
    ("code", "data", "title", "series"),
    [
        ("D10", {}, "投诉受理告知书", "诉"),
        ("D12", {"route": "不再受理"}, "不再受理告知书", "诉"),
        ("D13", {"route": "受理"}, "交办单", "诉"),
        ("D13", {"route": "转送有权机关"}, "转送函", "函"),
        ("D16", {}, "投诉处理结果公开稿", ""),
        ("D17", {"withdraw_decision": "依职权继续"}, "撤诉回执", "诉"),
        ("D99", {}, "D99", ""),
    ],
)
def test_a_documents_title_and_series_follow_the_decision(
    code: str, data: dict[str, str], title: str, series: str
) -> None:
    assert (title_of(code, data), series_of(code, data)) == (title, series)


DOCUMENTS_AWAY = "被投诉单位的档案需要从区档案馆调取，尚未收到。"


class Extension:
    """A running handling period of an accepted case, and the real process that extends it."""

    def __init__(self, office: Office) -> None:
        self.office = office
        folder: Path = PROCESSES / "extension"
        files = {path.name: path.read_bytes() for path in folder.glob("*.bpmn")}
        publish(office.session, "extension", files, by="owner", approved_by="lead", now=office.now)
        self.receipt = office.file()
        office.accept(self.receipt)
        self.deadline = office.session.scalars(
            select(Deadline).where(
                Deadline.instance_id == self.receipt.instance_id, Deadline.key == "CP-HANDLE"
            )
        ).one()

    def ask(self, days: int = 10, reason: str = DOCUMENTS_AWAY, by: str = "clerk") -> str:
        office = self.office
        sent = request_extension(
            office.session, office.context, self.deadline.id, days, reason,
            actor=actor(by), now=office.now,
        )  # fmt: skip
        assert sent.instance_id
        return sent.instance_id

    def decide(self, instance_id: str, answer: str) -> None:
        office = self.office
        task = office.session.scalars(
            select(Task).where(Task.instance_id == instance_id, Task.status == "open")
        ).one()
        complete(
            office.session, office.context, task.id, {"approve": answer}, actor=actor("lead"), now=office.now
        )
        office.session.refresh(self.deadline)


@pytest.fixture
def extension(office: Office) -> Extension:
    return Extension(office)


def test_an_approved_extension_moves_the_day_and_tells_who_asked(extension: Extension) -> None:
    # given
    assert extension.deadline.due_on == date(2026, 3, 23)
    # when
    extension.decide(extension.ask(), "同意")
    # then
    assert (extension.deadline.due_on, extension.deadline.extensions) == (date(2026, 4, 7), 1)
    texts = [notice.text for notice in notices_of(extension.office.session, "clerk")]
    assert "“办理”已延期至 2026年4月7日" in texts
    status = public_status(extension.office.session, extension.receipt.instance_id)
    assert (status.due_on, status.extended) == (date(2026, 4, 7), True)
    assert "档案馆" in status.extension_reason


def test_a_refused_extension_leaves_the_day(extension: Extension) -> None:
    extension.decide(extension.ask(), "不同意")
    assert extension.deadline.due_on == date(2026, 3, 23)
    texts = [notice.text for notice in notices_of(extension.office.session, "clerk")]
    assert any("未获同意" in text for text in texts)


def test_an_extension_is_asked_for_once_with_reasons_and_in_time(extension: Extension) -> None:
    with pytest.raises(InvalidData, match="理由"):
        extension.ask(reason="忙")
    with pytest.raises(InvalidData):
        extension.ask(days=11)
    extension.ask()
    with pytest.raises(Conflict, match="正在审批"):
        extension.ask()


def test_after_the_due_day_no_extension_is_taken(extension: Extension) -> None:
    extension.office.now = extension.deadline.due_at
    with pytest.raises(DeadlineClosed):
        extension.ask()


def test_an_extension_is_seen_and_decided_by_who_handles_the_case(extension: Extension) -> None:
    # given a case that was handed to 区政府办公室
    office = extension.office
    complaint.hand_over(office.session, call(office.case(extension.receipt), {"handler": "QZB"}), office.now)
    # when
    instance_id = extension.ask()
    # then
    scopes = set(
        office.session.scalars(select(InstanceScope.scope).where(InstanceScope.instance_id == instance_id))
    )
    assert "body:QZB" in scopes
    assert "body:DCS" not in scopes
    instance = office.session.get_one(Instance, instance_id)
    assert office.case(extension.receipt).number in instance.title


def test_nobody_approves_their_own_extension(extension: Extension) -> None:
    """AV-7: who applies does not decide."""
    asked = extension.ask(by="lead")
    with pytest.raises(NotAllowed, match="AV-7"):
        extension.decide(asked, "同意")
    assert extension.deadline.due_on == date(2026, 3, 23)
