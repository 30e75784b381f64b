"""问责的守则: what may be opened, who deals with it, who votes, with whom; each accepts and refuses."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from engine.errors import InvalidData, NotAllowed
from engine.store.tables import Instance
from supervision.account.table import Account
from supervision.accountability.table import Respondent
from supervision.organisation.table import RoleGrant
from supervision.rectification.table import Rectification
from tests.integration.supervision.conftest import HASH, NOW
from tests.integration.supervision.desk import Desk

GROUP = {"g1": "LSG_HEAD", "g2": "LSG_DEPUTY", "g3": "LSG_MEMBER", "g4": "LSG_MEMBER", "g5": "LSG_MEMBER"}
PRINCIPLES = ["实事求是", "有错必究", "惩处与教育相结合", "追究责任与改进工作相结合", "责任与处理相适应"]
SCREEN = {"consequence": "造成不良影响", "opinion": "立案", "unit_code": "U01", "grounds_unit": ["R8(5)"]}


@pytest.fixture
def case(desk: Callable[..., Desk]) -> Desk:
    """A case of 问责 about U01, with a 领导小组 of six and a head of the unit."""
    found = desk()
    session = found.session
    session.get_one(Instance, found.case.instance_id).process_id = "accountability"
    people = {login: (login, "LSG", role, "") for login, role in GROUP.items()}
    people |= {
        "h1": ("章主任", "U01", "U_HEAD", "U01"),
        "d1": ("万副主任", "U01", "U_DEPUTY", "U01"),
        "i1": ("彭调查", "DCS", "INVESTIGATOR", ""),
        "i2": ("谢调查", "DCS", "INVESTIGATOR", ""),
    }
    for login, (name, unit, role, at) in people.items():
        session.add(Account(login=login, name=name, password_hash=HASH, unit_code=unit, created_at=NOW))
        session.flush()
        grant = RoleGrant(login=login, role=role, unit_code=at, since=date(2026, 1, 1), granted_by="admin")
        session.add(grant)
    session.flush()
    return found


def faults(case: Desk, **data: Any) -> dict[str, Any]:
    try:
        case.ask("lead", **data)
    except InvalidData as refused:
        return dict(refused.errors)
    return {}


def respondent(case: Desk, name: str, unit: str = "U01") -> None:
    case.session.add(
        Respondent(
            id=uuid.uuid4().hex, instance_id=case.case.instance_id, position=0, subject_kind="个人",
            name=name, unit_code=unit, case_role=["主管领导"], powers={}, proposed=[], told=[], final=[],
        )
    )  # fmt: skip
    case.session.flush()


def rectification(case: Desk, result: str, *, person: str = "", unit: str = "U01") -> None:
    case.session.add(
        Rectification(
            instance_id=case.case.instance_id, rect_no="ZG-2026-0001", source="年度检查", unit_code=unit,
            person=person, items=[], report_to=["督查室"], opened_on=date(2026, 1, 5), result=result,
        )
    )  # fmt: skip
    case.session.flush()


def meeting(**changed: Any) -> dict[str, Any]:
    voters = changed.pop("voters", ["g1", "g2", "g3", "g4"])
    votes = [{"no": 1, "person": one, "vote": "同意"} for one in voters]
    return {
        "attendees": ["g1", "g2", "g3", "g4"], "chair": "g1", "votes": votes, "principles": PRINCIPLES,
        "decisions": [{"no": 1, "title": "东湖街道办事处", "decision": "予以问责"}], **changed,
    }  # fmt: skip


def test_a_case_is_opened_for_a_consequence_and_a_ground_only(case: Desk) -> None:
    assert faults(case, **SCREEN) == {}
    assert faults(case, **{**SCREEN, "consequence": "均无", "opinion": "不予立案", "grounds_unit": []}) == {}
    assert "第三条" in faults(case, **{**SCREEN, "consequence": "均无"})["opinion"][0]
    assert "第八条" in faults(case, **{**SCREEN, "grounds_unit": []})["grounds_unit"][0]


@pytest.mark.parametrize("result", ["不合格", "逾期未报"])
def test_grounds_of_two_elements_stand_on_a_rectification_that_failed(case: Desk, result: str) -> None:
    chosen = {**SCREEN, "grounds_unit": ["R8(10)"]}
    assert "请补填" in faults(case, **chosen)["rect_no"][0]
    rectification(case, result)
    assert faults(case, **chosen, rect_no="ZG-2026-0001") == {}
    assert "拒不改正" in faults(case, **SCREEN, grounds_staff=["R9(6)"], rect_no="ZG-2026-0001")["rect_no"][0]


@pytest.mark.parametrize(
    "row", [{"result": "合格"}, {"result": ""}, {"result": "不合格", "unit": "U02"},
            {"result": "不合格", "person": "陈某（科员）"}],
)  # fmt: skip
def test_what_was_put_right_or_is_somebody_elses_supports_no_such_ground(
    case: Desk, row: dict[str, Any]
) -> None:
    rectification(case, **row)
    asked = faults(case, **{**SCREEN, "grounds_unit": ["R8(10)"]}, rect_no="ZG-2026-0001")
    assert "不能支持" in asked["rect_no"][0]


def test_a_person_who_refused_to_put_it_right_answers_for_it(case: Desk) -> None:
    rectification(case, "不合格", person="陈某（科员）")
    assert faults(case, **SCREEN, grounds_staff=["R9(6)"], rect_no="ZG-2026-0001") == {}


def test_a_unit_does_not_deal_with_a_case_about_its_head(case: Desk) -> None:
    """AV-9."""
    own = {"body": "行为人所在单位"}
    assert faults(case, **own, head_is_respondent="否") == {}
    assert "AV-9" in faults(case, **own, head_is_respondent="是")["body"][0]
    assert faults(case, body="领导小组", head_is_respondent="是") == {}
    case.submitted("ut_screen", persons=[{"name": "章主任", "post": "主任"}])
    assert "章主任" in faults(case, **own, head_is_respondent="否")["body"][0]


def test_a_head_who_turns_out_to_answer_ends_the_units_own_handling(case: Desk) -> None:
    rows = [{"subject_kind": "个人", "name": "章主任", "case_role": ["主要领导"]}]
    assert faults(case, subjects=rows) == {}
    case.case.handler = "UNIT"
    assert "提级" in faults(case, subjects=rows)["subjects"][0]
    assert (
        faults(case, subjects=[{"subject_kind": "个人", "name": "陈某", "case_role": ["直接承办人"]}]) == {}
    )


def test_nobody_acts_in_their_own_case(case: Desk) -> None:
    case.ask("head", "ut_report", act="claim")
    respondent(case, "head", unit="U02")  # somebody else of that name
    case.ask("head", "ut_report", act="claim")
    respondent(case, "head")
    with pytest.raises(NotAllowed, match="AV-8"):
        case.ask("head", "ut_report", act="claim")


def test_a_meeting_that_is_complete_decides(case: Desk) -> None:
    assert faults(case, **meeting()) == {}


@pytest.mark.parametrize(
    ("changed", "field", "said"),
    [
        ({"attendees": ["g1", "g2", "g3"], "voters": ["g1", "g2", "g3"]}, "attendees", "不得少于 4 人"),
        ({"attendees": ["g1", "g2", "g3", "lead"]}, "attendees", "有表决权的出席 3 人"),
        ({"recused": ["g4"]}, "attendees", "出席 3 人"),
        ({"chair": "g5"}, "chair", "出席会议"),
        ({"chair": "i1"}, "chair", "出席会议"),
        ({"voters": ["g1", "g2", "g3", "g5"]}, "votes", "g5不是出席"),
        ({"voters": ["g1", "g2", "g3", "g3"]}, "votes", "表决了两次"),
        ({"voters": ["g1", "g2"]}, "votes", "没有过半数"),
        ({"principles": PRINCIPLES[:4]}, "principles", "责任与处理相适应"),
    ],
)
def test_a_meeting_that_is_not_is_refused(case: Desk, changed: dict[str, Any], field: str, said: str) -> None:
    assert said in faults(case, **meeting(**changed))[field][0]


def test_who_investigated_neither_chairs_nor_votes_and_is_not_due(case: Desk) -> None:
    """AV-7: of six two investigated, so four are due and three suffice."""
    case.submitted("ut_team", investigators=["g5", "group"])
    assert faults(case, **meeting(attendees=["g1", "g2", "g3"], voters=["g1", "g2", "g3"])) == {}
    asked = faults(case, **meeting(chair="g5", voters=["g1", "g2", "g3", "g5"]))
    assert "办理了本案的调查" in asked["chair"][0]
    assert "办理了本案的调查" in asked["votes"][0]


def test_a_leader_who_approved_it_does_not_decide_alone_either(case: Desk) -> None:
    """AV-8."""
    alone = {"decider": "万副主任", "principles": PRINCIPLES}
    assert faults(case, **alone) == {}
    respondent(case, "万副主任")
    assert "不得作出决定" in faults(case, **alone)["decider"][0]


def test_a_unit_investigates_its_own_case_with_two_of_its_people(case: Desk) -> None:
    """AV-4, AV-10."""
    assert "AV-4" in faults(case, investigators=["h1", "d1"])["investigators"][0]
    assert faults(case, investigators=["i1", "i2"]) == {}
    case.case.handler = "UNIT"
    assert faults(case, investigators=["h1", "d1"]) == {}
    assert "两人以上" in faults(case, investigators=["d1"])["investigators"][0]
    assert "该单位的人员" in faults(case, investigators=["d1", "i1"])["investigators"][0]
