"""回避声明: asked for before the first task of a case, once; a conflict begins the decision about it."""

from __future__ import annotations

import pytest
from sqlalchemy import select

import engine.definition
from engine.actor import SYSTEM_ACTOR
from engine.instance import start
from engine.store.tables import Instance, Task
from supervision.recusal.table import Declaration
from tests.acceptance.pages.conftest import Site

DIAGRAM = b"""<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
  xmlns:camunda="http://camunda.org/schema/1.0/bpmn" targetNamespace="t">
  <process id="probe" isExecutable="true"><startEvent id="st"/>
    <userTask id="ut_probe" name="&#26680;&#26597;" camunda:candidateGroups="DCS_CLERK"><extensionElements>
      <camunda:properties><camunda:property name="guard" value="declared"/></camunda:properties>
    </extensionElements></userTask><endEvent id="end"/>
    <sequenceFlow id="a" sourceRef="st" targetRef="ut_probe"/>
    <sequenceFlow id="b" sourceRef="ut_probe" targetRef="end"/>
  </process></definitions>"""
PLEDGE = {"confidentiality_pledge": "true"}


@pytest.fixture
def task_id(site: Site) -> str:
    with site.session() as session:
        files = {"probe.bpmn": DIAGRAM}
        engine.definition.publish(session, "probe", files, by="owner", approved_by="owner2", now=site.clock())
        case = start(session, site.system.context, "probe", {}, actor=SYSTEM_ACTOR, now=site.clock())
        session.commit()
        return session.scalars(select(Task.id).where(Task.instance_id == case)).one()


def test_the_task_opens_after_the_declaration(site: Site, task_id: str) -> None:
    # given
    clerk = site.as_("clerk1")
    asked = clerk.get(f"/task/{task_id}")
    assert "回避声明" in asked.text
    assert "核查" in asked.text
    # when it is incomplete
    refused = clerk.submit(asked, f"/task/{task_id}/declaration", {"has_conflict": "无"})
    assert refused.code == 422
    # when it is complete
    done = clerk.submit(asked, f"/task/{task_id}/declaration", {"has_conflict": "无", **PLEDGE})
    # then the task is there, and a second click changes nothing
    assert "可以办理本案" in done.text
    again = clerk.submit(asked, f"/task/{task_id}/declaration", {"has_conflict": "有", **PLEDGE})
    assert again.code in (200, 303)
    with site.session() as session:
        assert [row.has_conflict for row in session.scalars(select(Declaration))] == [False]
    assert clerk.submit(clerk.get(f"/task/{task_id}"), f"/task/{task_id}", {}).code in (200, 303)
    with site.session() as session:
        assert session.get_one(Task, task_id).status == "completed"


def test_who_declares_a_conflict_waits_for_the_decision(site: Site, task_id: str) -> None:
    clerk = site.as_("clerk1")
    asked = clerk.get(f"/task/{task_id}")
    data = {"has_conflict": "有", "conflict_type": ["亲属关系"], "detail": "与对方是表兄弟。", **PLEDGE}
    # when
    done = clerk.submit(asked, f"/task/{task_id}/declaration", data)
    # then a 回避 begins, and the task is refused
    assert "等待回避决定" in done.text
    with site.session() as session:
        assert session.scalars(select(Instance.process_id).where(Instance.process_id == "recusal")).one()
    said = clerk.submit(clerk.get(f"/task/{task_id}"), f"/task/{task_id}", {})
    assert "正在等待回避决定" in said.text


def test_a_conflict_needs_its_kind_and_an_explanation(site: Site, task_id: str) -> None:
    clerk = site.as_("clerk1")
    asked = clerk.get(f"/task/{task_id}")
    refused = clerk.submit(asked, f"/task/{task_id}/declaration", {"has_conflict": "有", **PLEDGE})
    assert refused.code == 422
    with site.session() as session:
        assert session.scalars(select(Declaration)).all() == []
