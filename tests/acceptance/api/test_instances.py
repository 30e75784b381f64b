"""Instances, history, variables, messages and incidents through the API, each as far as a person may see."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select

from engine.store.tables import Incident, Instance
from tests.acceptance.api.client import program, refused
from tests.acceptance.pages import walk
from tests.acceptance.pages.conftest import Site

Filed = Callable[..., tuple[str, str]]


def the_case(site: Site) -> str:
    with site.session() as session:
        return session.scalars(select(Instance.id).where(Instance.process_id == "complaint")).one()


def test_a_started_instance_waits_and_is_on_record(site: Site) -> None:
    clerk = program(site, "clerk1")
    started = clerk.post("/instances", {"definition": "opinion_box", "data": {"box_id": "B1"}})
    assert started.status_code == 201, started.get_data(as_text=True)
    instance = started.get_json()
    assert (instance["status"], instance["started_by"], instance["version"]) == ("active", "clerk1", 1)
    (task,) = instance.pop("next")
    assert clerk.get(f"/tasks/{task['id']}").get_json()["instance_id"] == instance["id"]
    whole = clerk.get(f"/instances/{instance['id']}").get_json()
    assert instance.items() <= whole.items()
    assert whole["current"]
    (line,) = clerk.get("/tasks", instance_id=instance["id"]).get_json()["items"]
    assert line["id"] == task["id"]
    variables = clerk.get(f"/instances/{instance['id']}/variables").get_json()["variables"]
    assert variables["box_id"] == "B1"
    history = clerk.get(f"/instances/{instance['id']}/history").get_json()["items"]
    assert [(line["kind"], line["actor"]) for line in history[:1]] == [("instance.started", "clerk1")]


def test_what_is_not_published_cannot_be_started(site: Site) -> None:
    refused(program(site, "clerk1").post("/instances", {"definition": "nothing"}), 404, "not-found")


def test_instances_are_listed_newest_first_and_filtered(site: Site, filed: Filed) -> None:
    number, _ = filed()
    clerk = program(site, "clerk1")
    ids = [clerk.post("/instances", {"definition": "opinion_box"}).get_json()["id"] for _ in range(4)]
    seen, after = [], ""
    while after is not None:
        page = clerk.get("/instances", process_id="opinion_box", limit=3, after=after).get_json()
        seen += [line["id"] for line in page["items"]]
        after = page["next"]
    assert sorted(seen) == sorted(ids)
    (case,) = clerk.get("/instances", business_key=number).get_json()["items"]
    assert case["definition"] == "complaint"
    assert clerk.get("/instances", status="completed").get_json()["items"] == []


def test_a_case_is_listed_and_opened_by_those_who_see_it_only(site: Site, filed: Filed) -> None:
    filed()
    case, unit = the_case(site), program(site, "u07-contact")
    assert unit.get("/instances").get_json()["items"] == []
    for path in ("", "/history", "/variables"):
        nowhere = unit.get(f"/instances/{'0' * 32}{path}")
        assert refused(unit.get(f"/instances/{case}{path}"), 404) == refused(nowhere, 404)


def test_who_watches_lists_only_does_not_open_a_case(site: Site, filed: Filed) -> None:
    filed()
    case, watcher = the_case(site), program(site, "manager")
    assert [line["id"] for line in watcher.get("/instances").get_json()["items"]] == [case]
    for path in ("", "/history", "/variables"):
        assert "列表" in refused(watcher.get(f"/instances/{case}{path}"), 403, "not-allowed")["detail"]


def test_the_unit_that_handles_a_case_reads_no_variables(site: Site, filed: Filed) -> None:
    filed()
    walk.assign(site)
    case, unit = the_case(site), program(site, "u07-contact")
    assert unit.get(f"/instances/{case}").status_code == 200
    assert "本单位" in refused(unit.get(f"/instances/{case}/variables"), 403, "not-allowed")["detail"]


def test_the_history_pages_by_number(site: Site, filed: Filed) -> None:
    filed()
    walk.triage(site)
    clerk, case, seen, after = program(site, "clerk1"), the_case(site), [], ""
    while after is not None:
        page = clerk.get(f"/instances/{case}/history", limit=3, after=after).get_json()
        seen += page["items"]
        after = page["next"]
    numbers = [line["seq"] for line in seen]
    assert numbers == sorted(set(numbers))
    assert [line["element_id"] for line in seen if line["kind"] == "task.completed"] == [
        "ut_complete", "ut_triage",
    ]  # fmt: skip
    assert len(seen[0]["hash"]) == 64


def test_a_message_reaches_the_case_that_waits(site: Site, filed: Filed) -> None:
    number, _ = filed()
    walk.triage(site)
    walk.letter(site)
    clerk = program(site, "clerk1")
    body = {"name": "msg_withdraw", "correlation": number, "payload": {"withdrawn_on": "2026-03-02"}}
    answer = clerk.post("/messages", body)
    assert answer.status_code == 202
    assert answer.get_json() == {"how": "delivered", "instance_id": the_case(site)}
    history = clerk.get(f"/instances/{the_case(site)}/history", limit=100).get_json()["items"]
    assert "message.received" in {line["kind"] for line in history}


def test_a_message_tells_nobody_of_a_case_out_of_sight(site: Site, filed: Filed) -> None:
    number, _ = filed()
    walk.triage(site)
    walk.letter(site)
    unit = program(site, "u07-contact", "messages:write")
    there, nowhere = (
        unit.post("/messages", {"name": "msg_withdraw", "correlation": correlation})
        for correlation in (number, "TS-2026-9999")
    )
    assert there.get_json() == nowhere.get_json() == {"how": "accepted", "instance_id": None}


def test_an_undeclared_message_is_refused(site: Site) -> None:
    body = {"name": "msg_none", "correlation": "x"}
    refused(program(site, "clerk1").post("/messages", body), 404, "not-found")


def test_incidents_are_the_administrators_and_show_no_data(site: Site) -> None:
    with site.session() as session:
        for number in range(3):
            session.add(
                Incident(
                    id=f"{number}" * 32, element_id="svc", message="停电", data={"name": "金丝雀"},
                    status="open", since=site.clock(),
                )
            )  # fmt: skip
        session.commit()
    admin = program(site, "admin")
    page = admin.get("/incidents", limit=2).get_json()
    rest = admin.get("/incidents", limit=2, after=page["next"]).get_json()
    assert [line["id"][0] for line in (*page["items"], *rest["items"])] == ["0", "1", "2"]
    assert "金丝雀" not in str(page)
    resolved = admin.post(f"/incidents/{'1' * 32}/resolve", {"reason": "已恢复供电"}).get_json()
    assert (resolved["status"], resolved["resolved_by"]) == ("resolved", "admin")
    refused(admin.post(f"/incidents/{'1' * 32}/resolve", {"reason": "再关一次"}), 409, "conflict")
    refused(admin.post(f"/incidents/{'2' * 32}/resolve", {"reason": ""}), 422, "invalid-data")
    assert [line["id"][0] for line in admin.get("/incidents", status="resolved").get_json()["items"]] == ["1"]
    refused(admin.get(f"/incidents/{'9' * 32}"), 404)
