"""Topics that the small diagram does not reach: handing over, merging, guiding, boxes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.errors import StepFailed
from engine.instance import ServiceCall
from engine.store.tables import InstanceScope
from supervision.case.outcome import close, reply
from supervision.case.table import Case
from supervision.complaint import topics as complaint
from supervision.complaint.duplicates import duplicates, likeness
from supervision.document.register import read_register
from supervision.document.titles import series_of, title_of
from supervision.notice import notices_of
from supervision.organisation import topics as organisation
from supervision.organisation.table import BoxOpening
from tests.integration.supervision.people import actor
from tests.unit.processes.bundles import PROCESSES


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
    register = read_register(PROCESSES)
    assert (title_of(register, code, data), series_of(register, code, data)) == (title, series)
