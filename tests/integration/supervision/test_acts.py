"""What the complainant sees and does on the query page."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from engine.errors import NotAllowed
from engine.store.tables import Deadline
from supervision.complaint.acts import add_material, rate, withdraw
from supervision.complaint.appeal import request_review
from supervision.complaint.follow import public_status
from supervision.notice import notices_of
from tests.integration.supervision.office import Office


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
