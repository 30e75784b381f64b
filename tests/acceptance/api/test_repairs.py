"""Incidents are repaired through the API by the administrator, each repair with a reason on record."""

from __future__ import annotations

import pytest
from sqlalchemy import select

import engine.definition
from engine.history import verify_all
from engine.store.tables import HistoryEntry
from tests.acceptance.api.client import Program, program, refused
from tests.acceptance.pages.conftest import Site

ADDING = b"""<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
  xmlns:camunda="http://camunda.org/schema/1.0/bpmn" targetNamespace="adding">
  <bpmn:process id="adding" name="sum" isExecutable="true">
    <bpmn:startEvent id="st"/><bpmn:sequenceFlow id="f1" sourceRef="st" targetRef="ut_first"/>
    <bpmn:userTask id="ut_first" name="first" camunda:candidateGroups="DCS_CLERK"/>
    <bpmn:sequenceFlow id="f2" sourceRef="ut_first" targetRef="sc"/>
    <bpmn:scriptTask id="sc" name="sum" scriptFormat="python">
      <bpmn:script>total = amount + 1</bpmn:script>
    </bpmn:scriptTask>
    <bpmn:sequenceFlow id="f3" sourceRef="sc" targetRef="ut_last"/>
    <bpmn:userTask id="ut_last" name="last" camunda:candidateGroups="DCS_CLERK"/>
    <bpmn:sequenceFlow id="f4" sourceRef="ut_last" targetRef="en"/><bpmn:endEvent id="en"/>
  </bpmn:process>
</bpmn:definitions>
"""
WHY = {"reason": "金额登记有误"}


@pytest.fixture
def stuck(site: Site) -> tuple[str, str]:
    """An instance whose script failed, and the incident."""
    with site.session() as session:
        files = {"adding.bpmn": ADDING}
        engine.definition.publish(session, "adding", files, by="甲", approved_by="乙", now=site.clock())
        session.commit()
    clerk = program(site, "clerk1")
    begun = clerk.post("/instances", {"definition": "adding", "data": {"amount": "七"}}).get_json()
    refused(clerk.post(f"/tasks/{begun['next'][0]['id']}/complete", {"data": {}}), 409, "step-failed")
    (incident,) = program(site, "admin").get("/incidents").get_json()["items"]
    assert (incident["element_id"], incident["instance_id"]) == ("sc", begun["id"])
    return begun["id"], f"/incidents/{incident['id']}"


@pytest.fixture
def admin(site: Site) -> Program:
    return program(site, "admin")


def test_a_variable_is_mended_and_the_step_tried_again(
    site: Site, stuck: tuple[str, str], admin: Program
) -> None:
    instance, incident = stuck
    mended = admin.send("PUT", f"{incident}/variables/amount", {**WHY, "value": 7})
    assert mended.get_json() == {"name": "amount", "before": "七", "after": 7}
    again = admin.post(f"{incident}/retry", WHY).get_json()
    assert (again["failed"], again["queued"], again["incident"]["resolution"]) == (None, False, "retried")
    clerk = program(site, "clerk1")
    assert clerk.get(f"/instances/{instance}").get_json()["current"] == ["ut_last"]
    assert clerk.get(f"/instances/{instance}/variables").get_json()["variables"]["total"] == 8
    refused(admin.post(f"{incident}/retry", WHY), 409, "conflict")
    with site.session() as session:
        kinds = session.scalars(select(HistoryEntry.kind).where(HistoryEntry.chain == instance)).all()
        assert {"incident.opened", "incident.variable_set", "incident.retried"} <= set(kinds)
        assert list(verify_all(session)) == []


def test_what_fails_again_is_a_new_incident(stuck: tuple[str, str], admin: Program) -> None:
    again = admin.post(f"{stuck[1]}/retry", WHY).get_json()
    assert again["failed"] not in (None, again["incident"]["id"])
    (open_one,) = admin.get("/incidents").get_json()["items"]
    assert open_one["id"] == again["failed"]


def test_a_token_moves_where_it_may(site: Site, stuck: tuple[str, str], admin: Program) -> None:
    instance, incident = stuck
    (here,) = admin.get(f"{incident}/moves").get_json()["items"]
    assert here["element_id"] == "ut_first"
    assert "ut_last" in [target["element_id"] for target in here["targets"]]
    wrong = admin.post(f"{incident}/move", {**WHY, "task_id": here["task_id"], "target": "nowhere"})
    refused(wrong, 422, "invalid-data")
    moved = admin.post(f"{incident}/move", {**WHY, "task_id": here["task_id"], "target": "ut_last"})
    assert moved.get_json()["resolution"] == "moved"
    assert program(site, "clerk1").get(f"/instances/{instance}").get_json()["current"] == ["ut_last"]


def test_an_instance_is_cancelled_with_its_incidents(
    site: Site, stuck: tuple[str, str], admin: Program
) -> None:
    instance, incident = stuck
    assert admin.post(f"{incident}/cancel", WHY).get_json()["resolution"] == "cancelled"
    whole = program(site, "clerk1").get(f"/instances/{instance}").get_json()
    assert (whole["status"], whole["current"]) == ("terminated", [])
    assert admin.get("/incidents").get_json()["items"] == []


def test_nobody_but_the_administrator_repairs(site: Site, stuck: tuple[str, str]) -> None:
    clerk, (_, incident) = program(site, "clerk1"), stuck
    refused(clerk.get(f"{incident}/moves"), 403, "not-allowed")
    refused(clerk.post(f"{incident}/retry", WHY), 403, "not-allowed")
    refused(clerk.post(f"{incident}/cancel", WHY), 403, "not-allowed")
    refused(clerk.send("PUT", f"{incident}/variables/amount", {**WHY, "value": 7}), 403, "not-allowed")


def test_a_signal_is_taken_in_whoever_waits(site: Site) -> None:
    answer = program(site, "clerk1").post("/signals", {"name": "sig_nobody", "payload": {"year": 2027}})
    assert (answer.status_code, answer.get_json()) == (202, {"how": "accepted"})
