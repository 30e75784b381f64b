"""Tasks through the API: the same list, the same form, the same rules as on the page."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

import pytest
from sqlalchemy import select

from engine.actor import SYSTEM_ACTOR
from engine.errors import StepFailed
from engine.instance import Context
from engine.store.tables import Incident
from supervision.organisation.grants import grant
from tests.acceptance.api.client import program, refused
from tests.acceptance.pages import walk
from tests.acceptance.pages.conftest import Site

Filed = Callable[..., tuple[str, str]]
TEXTS = dict(walk.ELEMENTS)


def test_a_case_is_worked_on_by_programs_step_by_step(site: Site, filed: Filed) -> None:
    number, _ = filed()
    clerk = program(site, "clerk1")
    line = clerk.get("/tasks").get_json()["items"][0]
    assert (line["element_id"], line["business_key"], line["assignee"]) == ("ut_complete", number, None)
    claimed = clerk.post(f"/tasks/{line['id']}/claim")
    assert claimed.get_json()["assignee"] == "clerk1"
    whole = clerk.get(f"/tasks/{line['id']}").get_json()
    assert whole["mine"]
    assert "extract" in {part.get("key") for part in whole["components"]}
    done = clerk.post(
        f"/tasks/{line['id']}/complete", {"data": {**TEXTS, "target_unit": whole["values"]["target_unit"]}}
    )
    assert done.status_code == 200, done.get_data(as_text=True)
    (following,) = done.get_json()["next"]
    assert following["name"] == clerk.get(f"/tasks/{following['id']}").get_json()["name"]
    done = clerk.post(f"/tasks/{following['id']}/complete", {"data": walk.TRIAGE})
    assert done.status_code == 200, done.get_data(as_text=True)


def test_the_form_is_judged_as_on_the_page(site: Site, filed: Filed) -> None:
    filed()
    clerk, task = program(site, "clerk1"), site.open_task("ut_complete")
    problem = refused(clerk.post(f"/tasks/{task}/complete", {"data": {}}), 422, "invalid-data")
    page = site.do("clerk1", "ut_complete", extract="")
    assert problem["errors"]["data.extract"][0] in page.words
    extra = refused(clerk.post(f"/tasks/{task}/complete", {"data": {**TEXTS, "smuggled": 1}}), 422)
    assert "data" in extra["errors"]
    assert site.open_task("ut_complete") == task


def test_a_guard_refuses_a_program_too(site: Site, filed: Filed) -> None:
    filed()
    clerk, task = program(site, "clerk1"), site.open_task("ut_complete")
    leak = {**TEXTS, "extract": "卞甲乙反映某单位公示牌一年没有更新。", "target_unit": "U06"}
    problem = refused(clerk.post(f"/tasks/{task}/complete", {"data": leak}), 422, "invalid-data")
    assert "投诉人的姓名" in str(problem["errors"])


def test_who_drafts_does_not_sign_through_the_api_either(site: Site, filed: Filed) -> None:
    # given
    filed()
    with site.session() as session:
        grant(session, "clerk1", "DCS_LEAD", "", by=SYSTEM_ACTOR, now=site.clock())
        session.commit()
    walk.triage(site)
    clerk = program(site, "clerk1")
    draft = f"/tasks/{site.open_task('ut_draft')}"
    clerk.post(f"{draft}/complete", {"data": clerk.get(draft).get_json()["values"]})
    # when
    sign = site.open_task("ut_sign")
    claimed = clerk.post(f"/tasks/{sign}/claim")
    signed = clerk.post(f"/tasks/{sign}/complete", {"data": {"sign_result": "同意签发"}})
    # then
    assert "AV-7" in refused(claimed, 403, "not-allowed")["detail"]
    assert "AV-7" in refused(signed, 403, "not-allowed")["detail"]


def test_a_task_of_a_case_out_of_sight_is_answered_like_one_that_is_not_there(
    site: Site, filed: Filed
) -> None:
    filed()
    task, unit = site.open_task("ut_complete"), program(site, "u07-contact")
    for send in (
        unit.get,
        lambda p: unit.post(f"{p}/claim"),
        lambda p: unit.post(f"{p}/complete", {"data": {}}),
    ):
        there, nowhere = send(f"/tasks/{task}"), send("/tasks/0123456789abcdef0123456789abcdef")
        assert refused(there, 404) == refused(nowhere, 404)


def test_a_task_in_sight_that_is_somebody_elses_is_forbidden(site: Site, filed: Filed) -> None:
    filed()
    task, lead = site.open_task("ut_complete"), program(site, "lead")
    assert lead.get(f"/tasks/{task}").get_json()["mine"] is False
    assert refused(lead.post(f"/tasks/{task}/complete", {"data": {}}), 403, "not-allowed")


def test_the_second_of_two_gets_a_name_and_a_time(site: Site, filed: Filed) -> None:
    filed()
    task, second = site.open_task("ut_complete"), program(site, "clerk2")
    walk.well(site.do("clerk1", "ut_complete", **walk.ELEMENTS))
    problem = refused(second.post(f"/tasks/{task}/complete", {"data": TEXTS}), 409, "already-completed")
    assert problem["detail"].startswith("已由 ")
    assert "办理" in problem["detail"]


def test_a_claimed_task_is_kept_from_others_until_it_is_given_back(site: Site, filed: Filed) -> None:
    filed()
    task, first, second = site.open_task("ut_complete"), program(site, "clerk1"), program(site, "clerk2")
    assert first.post(f"/tasks/{task}/claim").status_code == 200
    assert first.post(f"/tasks/{task}/claim").status_code == 200
    refused(second.post(f"/tasks/{task}/claim"), 409, "conflict")
    refused(second.post(f"/tasks/{task}/unclaim"), 403, "not-allowed")
    assert second.get("/tasks").get_json()["items"] == []
    assert first.post(f"/tasks/{task}/unclaim").get_json()["assignee"] is None
    assert [line["id"] for line in second.get("/tasks").get_json()["items"]] == [task]


def test_the_inbox_pages_by_key_and_is_the_inbox_of_the_page(site: Site, filed: Filed) -> None:
    for _ in range(5):
        filed()
    clerk, seen, after = program(site, "clerk1"), [], ""
    while True:
        page = clerk.get("/tasks", limit=2, **({"after": after} if after else {})).get_json()
        seen += [line["id"] for line in page["items"]]
        if page["next"] is None:
            break
        after = page["next"]
    assert len(seen) == len(set(seen)) == 5
    shown = [link.removeprefix("/task/") for link in site.as_("clerk1").get("/inbox").links("/task/")]
    assert list(dict.fromkeys(shown)) == seen


def test_a_step_that_fails_is_a_conflict_with_an_incident(
    site: Site, filed: Filed, context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given
    filed()
    walk.triage(site)
    walk.letter(site)
    task, lead = site.open_task("ut_assign"), program(site, "lead")

    def fail(*given: object) -> dict[str, object]:
        raise StepFailed("svc", "停电")

    for topic in context.topics:
        monkeypatch.setitem(cast(dict[str, object], context.topics), topic, fail)
    # when
    answer = lead.post(f"/tasks/{task}/complete", {"data": walk.ASSIGN}, key="one")
    again = lead.post(f"/tasks/{task}/complete", {"data": walk.ASSIGN}, key="one")
    # then
    assert "停电" in refused(answer, 409, "step-failed")["detail"]
    assert again.get_data() == answer.get_data()
    with site.session() as session:
        assert session.scalars(select(Incident.message)).one() == "停电"
    assert site.open_task("ut_assign") == task
