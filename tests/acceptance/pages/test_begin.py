"""立项和申请: what is begun by filling in a form, and that nobody learns of another's decision."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from engine.store.tables import Instance, Task
from supervision.case.table import Case
from supervision.document.table import Delivery, Document
from supervision.recusal.table import Recusal
from tests.acceptance.pages import walk
from tests.acceptance.pages.conftest import Site

NO = "云政公开督〔2026〕7号"
PLAN = {
    "type": "日常巡查", "unit_code": "U06", "inspectors_words": "陈明远、王若兰", "items": ["3-7"],
    "planned_on": "2026-03-03", "reason": "了解收费公开情况。",
}  # fmt: skip
APPEAL = {"request": "变更", "reasons": "公开栏已于检查前更新，有照片为证。"}


@pytest.fixture
def supervised(site: Site) -> str:
    """A daily supervision of U06, begun by a clerk; gives its instance."""
    done = site.as_("clerk1").send("/begin/daily_supervision", PLAN)
    assert "已立项" in done.words, done.words
    with site.session() as session:
        return session.scalars(select(Case.instance_id).where(Case.kind == "daily_supervision")).one()


@pytest.fixture
def concluded(site: Site, supervised: str) -> str:
    """Its conclusion was served on U06 on this day."""
    with site.session() as session:
        row = Document(
            id="d" * 32, instance_id=supervised, template_code="D05", template_digest="",
            title="督查结论反馈书", body_html="", basis=[], issuing_body="x", status="issued", doc_no=NO,
            drafted_at=site.clock(), drafted_by="clerk1", issued_on=date(2026, 3, 2), detail={"unit": "U06"},
        )  # fmt: skip
        session.add(row)
        session.flush()
        proof = Delivery(
            id="v" * 32, document_id=row.id, instance_id=supervised, mode="直接", served_on=date(2026, 3, 2),
            receiver=b"", recorded_at=site.clock(), recorded_by="clerk1",
        )  # fmt: skip
        session.add(proof)
        session.commit()
    return supervised


def applied(site: Site) -> list[Instance]:
    with site.session() as session:
        return list(session.scalars(select(Instance).where(Instance.process_id == "conclusion_review")))


def test_a_clerk_begins_a_supervision_and_a_unit_does_not(site: Site, supervised: str) -> None:
    with site.session() as session:
        assert session.scalars(select(Task.element_id).where(Task.instance_id == supervised)).all() == [
            "ut_do"
        ]
    assert "日常督查" not in site.as_("u06-contact").get("/begin").words
    assert site.as_("u06-contact").get("/begin/daily_supervision").code == 403


def test_a_unit_applies_for_review_of_its_own_conclusion(site: Site, concluded: str) -> None:
    # given the period is shown and counted before anything is filled in
    unit = site.as_("u06-contact")
    asked = unit.get(f"/begin/conclusion_review?decision={NO}")
    assert "申请期限到 2026年4月1日届满" in asked.words
    assert "怎样算出来的" in asked.words
    # when
    forged = {"applicant": "别的单位", "received_on": "2026-03-01", "_decision": NO, **APPEAL}
    done = unit.submit(asked, "/begin/conclusion_review", forged)
    # then who applies and when is what the system knows
    assert "复核申请已收到" in done.words, done.words
    task_id = site.open_task("ut_formal")
    formal = site.as_("clerk1").get(f"/task/{task_id}")
    assert "别的单位" not in formal.text
    assert "区住房和城乡建设局" in formal.text
    assert "在期限内" in formal.text


def test_a_late_application_needs_a_reason(site: Site, concluded: str) -> None:
    # given
    site.clock.at = site.clock() + timedelta(days=40)
    unit, action = site.as_("u06-contact"), "/begin/conclusion_review"
    asked = unit.get(f"{action}?decision={NO}")
    assert "已经逾期" in asked.words
    # then
    refused = unit.submit(asked, action, {"_decision": NO, **APPEAL})
    assert refused.code == 422
    assert "正当理由" in refused.words
    assert not applied(site)
    done = unit.submit(
        refused, action, {"_decision": NO, **APPEAL, "late_reason": "送达当日办公楼因水灾停用。"}
    )
    assert "复核申请已收到" in done.words, done.words
    assert len(applied(site)) == 1


def test_anothers_decision_and_one_that_is_not_there_read_the_same(site: Site, concluded: str) -> None:
    other = site.as_("u07-contact")
    real = other.get(f"/begin/conclusion_review?decision={NO}").words
    none = other.get("/begin/conclusion_review?decision=云政公开督〔2026〕9号").words
    assert real.replace(NO, "") == none.replace("云政公开督〔2026〕9号", "")
    forged = other.post("/begin/conclusion_review", {"_decision": NO, **APPEAL})
    assert forged.code != 200 or "复核申请已收到" not in forged.words
    assert not applied(site)


def test_a_request_for_recusal_begins_the_decision_about_it(site: Site, supervised: str) -> None:
    # given
    clerk, url = site.as_("clerk2"), f"/case/{supervised}/recusal"
    assert "申请回避" in clerk.get(f"/case/{supervised}").words
    asked = clerk.get(url)
    told = {
        "applicant": "区住房和城乡建设局", "target_person": "陈明远", "origin": "依职权",
        "reason": "督查人员与本局局长是连襟。",
    }  # fmt: skip
    # when
    done = clerk.submit(asked, url, told)
    again = clerk.submit(asked, url, told)
    # then it is a request, for a clerk directs nothing, and it is there once
    assert "回避申请已登记" in done.words
    assert again.code in (200, 303)
    with site.session() as session:
        row = session.scalars(select(Recusal)).one()
    assert (row.login, row.origin, row.applicant) == ("clerk1", "申请", "区住房和城乡建设局")


def test_a_reason_that_names_the_complainant_is_refused(
    site: Site, filed: Callable[..., tuple[str, str]]
) -> None:
    filed()
    walk.triage(site)
    with site.session() as session:
        case_id = session.scalars(select(Case.instance_id)).one()
    url = f"/case/{case_id}/recusal"
    told = {"applicant": "投诉人", "target_person": "王若兰", "origin": "申请", "reason": "是卞甲乙的前夫。"}
    refused = site.as_("clerk1").send(url, told)
    assert refused.code == 422
    assert "改写" in refused.words
