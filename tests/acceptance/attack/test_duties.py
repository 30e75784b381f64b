"""职责分离 and 回避 by plain posts, past every button that a page would not show."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from engine.store.tables import Task
from supervision.organisation.table import RoleGrant
from tests.acceptance.attack.conftest import Town
from tests.acceptance.pages import walk
from tests.acceptance.pages.browser import filled

SCRIPT = "<script>alert(7)</script>{{7*7}}<img src=x onerror=alert(7)>"


def grant(town: Town, login: str, role: str, unit: str = "") -> None:
    """Somebody holds a second role: what separation of duties is about."""
    with town.session() as session:
        key = {"login": login, "role": role, "unit_code": unit}
        if session.scalars(select(RoleGrant).filter_by(**key)).first() is None:
            session.add(RoleGrant(**key, since=town.clock().date(), granted_by="system"))
        session.commit()


def newest(town: Town, element_id: str) -> str:
    with town.session() as session:
        query = select(Task.id).where(Task.element_id == element_id, Task.status == "open")
        return session.scalars(query.order_by(Task.created_at.desc())).all()[0]


def refused(town: Town, login: str, element_id: str, **data: object) -> str:
    """Posts the step as somebody who must not; gives the page after checking that the task is still open."""
    task_id = newest(town, element_id)
    page = town.fresh(login).get(f"/task/{task_id}")
    forms = [form for form in page.document.forms if form.action in (None, f"/task/{task_id}")]
    typed = filled(forms[0]) if forms else {}
    answer = town.post(login, f"/task/{task_id}", **{**typed, **data, "csrf_token": ""})
    assert answer.status_code in (403, 404), answer.get_data(as_text=True)[:2000]
    with town.session() as session:
        assert session.get_one(Task, task_id).status == "open"
    return str(answer.get_data(as_text=True))


def test_who_drafted_a_letter_does_not_sign_it(town: Town) -> None:
    grant(town, "clerk1", "DCS_LEAD")
    town.known.pop("clerk1", None)
    town.file()
    walk.triage(town)
    walk.well(town.do("clerk1", "ut_draft"))
    assert "不能由您签发（AV-7）" in refused(town, "clerk1", "ut_sign", sign_result="同意签发")
    claimed = town.post("clerk1", f"/task/{newest(town, 'ut_sign')}/claim")
    assert claimed.status_code == 403
    walk.well(town.do("lead", "ut_sign", sign_result="同意签发"))


def test_what_is_typed_is_escaped_in_the_letter_and_nothing_of_it_runs(town: Town) -> None:
    with town.session() as session:
        instance_id = session.scalars(select(Task.instance_id).where(Task.status == "open")).first()
    walk.well(town.do("clerk1", "ut_deliver", mode="短信", served_at="2026-03-02T09:00"))
    walk.well(town.do("lead", "ut_assign", **walk.ASSIGN))
    page = town.as_("clerk1").get(f"/task/{newest(town, 'ut_draft')}")
    form = page.form(f"/task/{newest(town, 'ut_draft')}")
    texts = {area.name: f"{area.text or ''}\n{SCRIPT}" for area in form.xpath(".//textarea")}
    walk.well(town.do("clerk1", "ut_draft", **texts))
    walk.well(town.do("lead", "ut_sign", sign_result="同意签发"))
    case = town.as_("clerk1").get(f"/case/{instance_id}")
    pages = [case.text, *(town.as_("clerk1").get(link).text for link in case.links("/document/"))]
    assert len(pages) >= 3
    assert any("&lt;script&gt;alert(7)" in text for text in pages)
    for text in pages:
        assert "<script>alert(7)" not in text
        assert "<img src=x" not in text
        assert "49&lt;img" not in text


def test_an_investigator_does_not_decide(town: Town) -> None:
    grant(town, "u07-contact", "DCS_LEAD")
    walk.handle(town)
    town.known.pop("u07-contact", None)
    page = refused(town, "u07-contact", "ut_decide", **walk.DECIDE)
    assert "您办理了本案的调查，不能由您审定（AV-7）" in page
    grant_back = newest(town, "ut_decide")
    assert town.post("u07-contact", f"/task/{grant_back}/claim").status_code == 403


def test_nobody_of_the_body_complained_of_touches_the_case(town: Town) -> None:
    town.file(target_unit="DCS")
    task_id = newest(town, "ut_complete")
    for act in ("", "/claim", "/unclaim", "/draft", "/extend"):
        assert town.post("lead", f"/task/{task_id}{act}", days="5").status_code == 404, act
    grant(town, "clerk2", "QZB_CLERK")
    town.known.pop("clerk2", None)
    page = refused(town, "clerk2", "ut_complete", **walk.ELEMENTS)
    assert "应当回避（AV-6）" in page


def test_a_report_is_not_handed_to_the_unit_it_is_about(town: Town) -> None:
    town.file(matter_type="举报")
    walk.well(town.fresh("clerk3").send(f"/task/{newest(town, 'ut_complete')}", walk.ELEMENTS))
    walk.well(town.fresh("clerk3").send(f"/task/{newest(town, 'ut_triage')}", walk.TRIAGE))
    walk.well(town.fresh("clerk3").send(f"/task/{newest(town, 'ut_draft')}"))
    walk.well(town.fresh("lead").send(f"/task/{newest(town, 'ut_sign')}", {"sign_result": "同意签发"}))
    sent = {"mode": "短信", "served_at": "2026-03-02T09:00"}
    walk.well(town.fresh("clerk3").send(f"/task/{newest(town, 'ut_deliver')}", sent))
    page = refused(town, "lead", "ut_assign", **{**walk.ASSIGN, "lead_unit": "U06"})
    assert "本案是举报，不得转给被投诉单位" in page


@pytest.mark.parametrize("act", ["", "/claim", "/unclaim", "/draft", "/extend"])
def test_a_foreign_task_is_not_found_whatever_is_sent_to_it(town: Town, act: str) -> None:
    for login in ("u01-head", "secrecy", "admin"):
        answer = town.post(login, f"/task/{newest(town, 'ut_decide')}{act}", days="5", reason="x")
        assert answer.status_code in (403, 404)
        assert "TS-2026" not in answer.get_data(as_text=True)
