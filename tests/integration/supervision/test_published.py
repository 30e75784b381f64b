"""Complaints through the published processes: the rules of the house at work in the real diagrams."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from engine.errors import InvalidData, NotAllowed
from engine.history.verify import verify_chain
from engine.store.tables import Instance, InstanceScope, KeptMessage, TaskCandidate
from supervision.complaint.acts import add_material, withdraw
from supervision.complaint.appeal import request_review
from supervision.complaint.follow import public_status
from supervision.complaint.intake import NewReceipt
from supervision.publication.desk import published
from tests.integration.supervision.yunxi import Yunxi


def scopes(yunxi: Yunxi, receipt: NewReceipt) -> set[str]:
    return set(
        yunxi.session.scalars(
            select(InstanceScope.scope).where(InstanceScope.instance_id == receipt.instance_id)
        )
    )


def test_a_complaint_from_the_form_to_the_review(yunxi: Yunxi) -> None:
    # given
    receipt = yunxi.file()
    yunxi.triage(receipt)
    yunxi.letter(receipt)
    yunxi.investigate(receipt, rectify=True, accountability=True)
    yunxi.letter(receipt)
    # when
    yunxi.publish(receipt)
    yunxi.do(receipt, "ut_callback", "clerk1", satisfaction="不满意", new_facts=True)
    # then the recheck is for somebody who did not work on it
    for worker in ("clerk1", "clerk2"):
        with pytest.raises(NotAllowed, match="未经办过"):
            yunxi.do(receipt, "ut_recheck", worker, recheck_result="维持")
    yunxi.declares(receipt, "clerk3")
    yunxi.do(receipt, "ut_recheck", "clerk3", recheck_facts="复查", recheck_result="维持")
    status = public_status(yunxi.session, receipt.instance_id)
    assert (status.stage, status.result, status.conclusion) == ("已答复", "名单已经更新。", "属实")
    assert [(letter.title, letter.doc_no) for letter in status.letters] == [
        ("投诉受理告知书", "云政公开诉〔2026〕1号"),
        ("投诉处理结果告知书", "云政公开诉〔2026〕2号"),
    ]
    assert [row.number for row in published(yunxi.session)] == [receipt.number]
    grounds = "名单只更新了一半，请复核"
    request_review(yunxi.session, yunxi.context, yunxi.keys, receipt.instance_id, grounds, [], yunxi.now)
    assert yunxi.case(receipt).outcome == "复核中"
    kept = yunxi.session.scalars(select(KeptMessage.name).order_by(KeptMessage.name)).all()
    assert kept == []  # 整改, 问责 and 复核 began
    assert verify_chain(yunxi.session, receipt.instance_id) is None


def test_a_unit_objects_and_another_one_without_inner_organ_gets_it(yunxi: Yunxi) -> None:
    # given
    receipt = yunxi.file()
    yunxi.triage(receipt)
    yunxi.letter(receipt)
    yunxi.do(receipt, "ut_assign", "lead", mode="转办承办单位", lead_unit="U01", due="2026-03-20")
    assert "unit:U01" not in scopes(yunxi, receipt)  # not before the order is issued
    yunxi.letter(receipt)
    assert "unit:U01" in scopes(yunxi, receipt)
    # when
    yunxi.do(receipt, "ut_unit_accept", "u01-contact", unit_reply="提出异议", objection="不属于本单位")
    yunxi.do(receipt, "ut_objection", "lead", objection_result="异议成立改派")
    yunxi.do(receipt, "ut_assign", "lead", mode="转办承办单位", lead_unit="U03", due="2026-03-20")
    yunxi.letter(receipt)
    # then
    assert {scope for scope in scopes(yunxi, receipt) if scope.startswith("unit:")} == {"unit:U03"}
    task = yunxi.task(receipt, "ut_unit_accept")
    candidates = yunxi.session.scalars(select(TaskCandidate).where(TaskCandidate.task_id == task.id)).all()
    assert [(c.value, c.unit_code) for c in candidates] == [("U_HEAD", "U03")]


@pytest.mark.parametrize(
    ("filed", "elements"),
    [
        ({"matter_type": "举报"}, {}),
        ({"identity_mode": "实名但要求保密"}, {}),
        ({}, {"target_is_leader": True}),
    ],
)
def test_such_a_complaint_cannot_be_handed_to_its_target(
    yunxi: Yunxi, filed: dict[str, Any], elements: dict[str, Any]
) -> None:
    """AV-5."""
    receipt = yunxi.file(**filed)
    yunxi.triage(receipt, elements=elements)
    yunxi.letter(receipt)
    with pytest.raises(NotAllowed, match="AV-5"):
        yunxi.do(receipt, "ut_assign", "lead", mode="转办承办单位", lead_unit="U01", due="2026-03-20")
    with pytest.raises(InvalidData, match="法定期限"):
        yunxi.do(receipt, "ut_assign", "lead", mode="督查室直办", due="2026-03-24")
    yunxi.do(receipt, "ut_assign", "lead", mode="转办承办单位", lead_unit="U02", due="2026-03-23")


def test_a_withdrawn_complaint_may_be_gone_on_with(yunxi: Yunxi) -> None:
    """T16."""
    # given
    receipt = yunxi.file()
    yunxi.triage(receipt)
    yunxi.letter(receipt)
    yunxi.do(receipt, "ut_assign", "lead", mode="督查室直办", due="2026-03-20")
    # when
    withdraw(yunxi.session, yunxi.context, yunxi.keys, receipt.instance_id, "不投诉了", yunxi.now)
    assert yunxi.open(receipt) == ["ut_withdraw"]
    yunxi.do(receipt, "ut_withdraw", "lead", withdraw_decision="依职权继续", reason="涉嫌虚假公开")
    yunxi.letter(receipt)
    # then
    assert yunxi.open(receipt) == ["ut_investigate"]
    assert [letter.title for letter in public_status(yunxi.session, receipt.instance_id).letters] == [
        "投诉受理告知书",
        "撤诉回执",
    ]


@pytest.mark.parametrize(
    ("route", "more", "stage", "words"),
    [
        ("不再受理", {}, "已办结（不再受理）", "已经终结"),
        ("转送有权机关", {}, "已办结（已转送）", "由该机关答复您"),
        ("引导依申请公开", {}, "已办结（已引导）", "党政办公室（电话"),
        ("登记存查", {}, "已办结（登记存查）", "没有具体线索"),
    ],
)
def test_what_is_not_accepted_ends_with_a_sentence(
    yunxi: Yunxi, route: str, more: dict[str, Any], stage: str, words: str
) -> None:
    receipt = yunxi.file()
    yunxi.triage(receipt, route=route, **more)
    if "ut_draft" in yunxi.open(receipt):
        yunxi.letter(receipt)
    status = public_status(yunxi.session, receipt.instance_id)
    assert yunxi.open(receipt) == []
    assert status.stage == stage
    assert words in status.result


def test_supplements_bring_the_case_back_to_the_clerk(yunxi: Yunxi) -> None:
    # given
    receipt = yunxi.file()
    yunxi.triage(receipt, route="补正")
    yunxi.letter(receipt)
    assert public_status(yunxi.session, receipt.instance_id).stage == "等待您补充材料"
    # when
    add_material(yunxi.session, yunxi.context, yunxi.keys, receipt.instance_id, "补充", [], yunxi.now)
    # then
    assert yunxi.open(receipt) == ["ut_complete"]
    assert public_status(yunxi.session, receipt.instance_id).stage == "正在研判"


@pytest.mark.parametrize(
    ("target", "clerk", "lead", "body"),
    [("DCS", "office-clerk", "office-head", "body:QZB"), ("LSG", "up1", "up2", "body:UP")],
)
def test_a_complaint_against_those_in_charge_runs_elsewhere(
    yunxi: Yunxi, target: str, clerk: str, lead: str, body: str
) -> None:
    """T19, AV-6."""
    receipt = yunxi.file(target_unit=target)
    with pytest.raises(NotAllowed):
        yunxi.do(receipt, "ut_complete", "clerk1")
    yunxi.triage(receipt, clerk=clerk, lead=lead)
    yunxi.letter(receipt, clerk=clerk, lead=lead)
    assert yunxi.open(receipt) == ["ut_assign"]
    (letter,) = public_status(yunxi.session, receipt.instance_id).letters
    assert "督查室</p>" not in letter.body_html  # neither above nor below the text
    assert body in scopes(yunxi, receipt)
    assert "body:DCS" not in scopes(yunxi, receipt)


def test_an_anonymous_complaint_ends_when_it_is_published(yunxi: Yunxi) -> None:
    """T13."""
    # given
    receipt = yunxi.file(identity_mode="匿名", matter_type="举报")
    assert not receipt.with_phone
    yunxi.triage(receipt)
    yunxi.letter(receipt)
    yunxi.investigate(receipt)
    # when
    yunxi.letter(receipt)
    assert public_status(yunxi.session, receipt.instance_id).result == "名单已经更新。"
    yunxi.publish(receipt)
    # then
    assert public_status(yunxi.session, receipt.instance_id).stage == "已办结"
    assert yunxi.session.get_one(Instance, receipt.instance_id).status == "completed"
