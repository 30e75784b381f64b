"""Process versions through the API: read by whoever may, drafted by one owner, published by another."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from engine.actor import SYSTEM_ACTOR
from engine.history import verify_all
from engine.store.tables import Definition, HistoryEntry
from supervision.account.manage import create_account
from supervision.organisation.grants import grant
from tests.acceptance.api.client import Program, program, refused
from tests.acceptance.pages.conftest import PROCESSES, Site

LEAVE = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
  xmlns:camunda="http://camunda.org/schema/1.0/bpmn" targetNamespace="leave">
  <bpmn:process id="leave" name="请假" isExecutable="true">
    <bpmn:startEvent id="st"/>
    <bpmn:sequenceFlow id="f1" sourceRef="st" targetRef="ut"/>
    <bpmn:userTask id="ut" name="%s" camunda:candidateGroups="DCS_CLERK">
      <bpmn:extensionElements><camunda:properties>
        <camunda:property name="noDeadline" value="请假没有期限"/>
      </camunda:properties></bpmn:extensionElements>
    </bpmn:userTask>
    <bpmn:sequenceFlow id="f2" sourceRef="ut" targetRef="en"/>
    <bpmn:endEvent id="en"/>
  </bpmn:process>
</bpmn:definitions>
"""
MANIFEST = 'key = "leave"\nname = "请假"\nclause = ""\nowner = "OWNER"\n'


def bundle(name: str = "审批", **more: str) -> dict[str, object]:
    return {"files": {"leave.bpmn": LEAVE % name, "process.toml": MANIFEST, **more}, "note": "首版"}


@pytest.fixture
def owners(site: Site) -> tuple[Program, Program]:
    """Two process owners."""
    with site.session() as session:
        for login in ("owner-a", "owner-b"):
            create_account(
                session, login, login, "a long password 7", "DCS", by=SYSTEM_ACTOR, now=site.clock()
            )
            grant(session, login, "OWNER", "", by=SYSTEM_ACTOR, now=site.clock())
        session.commit()
    return program(site, "owner-a"), program(site, "owner-b")


def test_every_published_process_and_its_files_can_be_read(site: Site) -> None:
    reader = program(site, "clerk1", "definitions:read")
    keys, after = [], ""
    while after is not None:
        page = reader.get("/definitions", limit=2, after=after).get_json()
        keys += [line["key"] for line in page["items"]]
        after = page["next"]
    assert "complaint" in keys
    assert keys == sorted(set(keys))
    (version,) = reader.get("/definitions/complaint/versions").get_json()["items"]
    assert version["version"] == 1
    whole = reader.get("/definitions/complaint/versions/1").get_json()
    assert "complaint" in whole["processes"]
    for path in whole["files"]:
        answer = reader.get(f"/definitions/complaint/versions/1/files/{path}")
        assert answer.get_data() == (PROCESSES / "complaint" / path).read_bytes(), path
        assert answer.mimetype in ("application/xml", "application/json", "text/plain")
    refused(reader.get("/definitions/complaint/versions/2"), 404)
    refused(reader.get("/definitions/complaint/versions/1/files/none.bpmn"), 404)


def test_one_owner_drafts_and_another_publishes(site: Site, owners: tuple[Program, Program]) -> None:
    first, second = owners
    draft = first.post("/definitions/leave/drafts", bundle())
    assert draft.status_code == 201, draft.get_data(as_text=True)
    where = f"/drafts/{draft.get_json()['id']}"
    refused(first.get("/definitions/leave/versions"), 404)
    assert second.get(where).get_json()["files"] == bundle()["files"]
    assert "两人" in refused(first.post(f"{where}/publish"), 403, "not-allowed")["detail"]
    version = second.post(f"{where}/publish")
    assert version.status_code == 201, version.get_data(as_text=True)
    assert version.get_json() | {"id": ""} == {
        **version.get_json(), "id": "", "key": "leave", "version": 1, "published_by": "owner-a",
        "approved_by": "owner-b", "digest": draft.get_json()["digest"], "note": "首版",
    }  # fmt: skip
    refused(second.post(f"{where}/publish"), 404)
    clerk = program(site, "clerk1")
    started = clerk.post("/instances", {"definition": "leave", "business_key": "QJ-1"})
    assert [task["name"] for task in started.get_json()["next"]] == ["审批"]
    with site.session() as session:
        kinds = session.scalars(select(HistoryEntry.kind).where(HistoryEntry.name == "leave")).all()
        assert list(kinds) == ["definition.drafted", "definition.published"]
        assert list(verify_all(session)) == []


def test_a_new_version_leaves_running_instances_alone(site: Site, owners: tuple[Program, Program]) -> None:
    first, second = owners
    clerk = program(site, "clerk1")
    started = []
    for name in ("审批", "再审批"):
        draft = first.post("/definitions/leave/drafts", bundle(name)).get_json()
        second.post(f"/drafts/{draft['id']}/publish")
        started.append(clerk.post("/instances", {"definition": "leave"}).get_json())
    assert [instance["version"] for instance in started] == [1, 2]
    listed = first.get("/definitions/leave/versions", limit=1).get_json()
    assert [line["version"] for line in listed["items"]] == [2]
    rest = first.get("/definitions/leave/versions", limit=1, after=listed["next"]).get_json()
    assert ([line["version"] for line in rest["items"]], rest["next"]) == ([1], None)


def test_a_draft_that_cannot_be_published_is_refused_with_every_problem(
    site: Site, owners: tuple[Program, Program]
) -> None:
    first, _ = owners
    broken = LEAVE.replace("DCS_CLERK", "NOBODY") % "审批"
    answer = first.post("/definitions/leave/drafts", bundle(**{"leave.bpmn": broken}))
    problem = refused(answer, 422, "diagram-error")
    assert any("NOBODY" in one["message"] and one["element"] == "ut" for one in problem["problems"])
    for files in ({"leave.bpmn": "<x"}, {"leave.bpmn": ""}, {"process.toml": MANIFEST}):
        refused(first.post("/definitions/leave/drafts", {"files": files}), 422, "diagram-error")
    assert first.get("/drafts").get_json()["items"] == []
    with site.session() as session:
        assert session.scalars(select(Definition).where(Definition.key == "leave")).first() is None


def test_a_diagram_that_names_an_unknown_rule_is_not_published(owners: tuple[Program, Program]) -> None:
    late = (
        '<bpmn:endEvent id="en"/><bpmn:boundaryEvent id="late" attachedToRef="ut"><bpmn:timerEventDefinition>'
        "<bpmn:timeDate>due('CP-NOPE')</bpmn:timeDate></bpmn:timerEventDefinition></bpmn:boundaryEvent>"
        '<bpmn:sequenceFlow id="f3" sourceRef="late" targetRef="en"/>'
    )
    drawn = LEAVE.replace('<bpmn:endEvent id="en"/>', late) % "审批"
    answer = owners[0].post("/definitions/leave/drafts", bundle(**{"leave.bpmn": drawn}))
    problem = refused(answer, 422, "diagram-error")
    (told,) = (one for one in problem["problems"] if "CP-NOPE" in one["message"])
    assert (told["file"], told["element"]) == ("leave/leave.bpmn", "late")
    assert "期限规则“CP-NOPE”不存在" in told["message"]


@pytest.mark.parametrize("path", ["../x.bpmn", "/x.bpmn", "x.py", "a//b.bpmn", "x.bpmn\n", "a\\b.bpmn", ""])
def test_paths_that_lead_out_of_the_folder_are_refused(owners: tuple[Program, Program], path: str) -> None:
    problem = refused(owners[0].post("/definitions/leave/drafts", {"files": {path: ""}}), 422, "invalid-data")
    assert "相对路径" in str(problem["errors"])


def test_a_draft_can_be_withdrawn(site: Site, owners: tuple[Program, Program]) -> None:
    first, second = owners
    draft = first.post("/definitions/leave/drafts", bundle()).get_json()
    assert [line["id"] for line in second.get("/drafts").get_json()["items"]] == [draft["id"]]
    gone = second.send("DELETE", f"/drafts/{draft['id']}")
    assert (gone.status_code, gone.get_data()) == (204, b"")
    refused(first.get(f"/drafts/{draft['id']}"), 404)


def test_publishing_takes_its_own_scope(site: Site, owners: tuple[Program, Program]) -> None:
    draft = owners[0].post("/definitions/leave/drafts", bundle()).get_json()
    writer = program(site, "owner-b", "definitions:read", "definitions:write")
    refused(writer.post(f"/drafts/{draft['id']}/publish"), 403, "insufficient-scope")
