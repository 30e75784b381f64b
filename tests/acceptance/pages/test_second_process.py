"""What another process publishes is in effect at once in this one, whatever it has cached."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import select

import engine.definition
from command.compose import System, compose, key_file
from command.settings import Settings
from engine.actor import SYSTEM_ACTOR
from engine.definition.find import current, files_of
from engine.store.tables import Definition, Instance, Task
from supervision.case.table import Case
from supervision.deadlines.versions import publish_rules
from supervision.identity.key import load_keys
from tests.acceptance.pages import walk
from tests.acceptance.pages.conftest import PROCESSES, Site


@pytest.fixture
def other(site: Site, settings: Settings) -> Iterator[System]:
    """The same database with caches of its own, as in another worker."""
    system = compose(settings, load_keys(key_file(settings)), site.clock)
    yield system
    system.database.dispose()


def test_the_next_case_runs_the_version_that_another_process_published(
    site: Site, other: System, filed: Callable[..., tuple[str, str]]
) -> None:
    # given a case, so that this process has the first version at hand
    filed()
    # when
    with other.session() as session:
        before, _ = current(session, "complaint", site.clock())
        files = files_of(session, before.id)
        changed = files["complaint.bpmn"].replace("要素补全".encode(), "补全要素".encode()) + b"\n"
        engine.definition.publish(
            session, "complaint", {**files, "complaint.bpmn": changed},
            by="甲", approved_by="乙", now=site.clock(),
        )  # fmt: skip
        session.commit()
    filed()
    # then
    with site.session() as session:
        versions = session.scalars(
            select(Definition.version)
            .join(Instance, Instance.definition_id == Definition.id)
            .where(Instance.process_id == "complaint")
        )
        assert sorted(versions) == [1, 2]


def test_cases_under_way_end_on_their_version_and_their_rules(
    site: Site, other: System, filed: Callable[..., tuple[str, str]]
) -> None:
    """T40: 流程负责人发布投诉流程第 2 版，而七件在办。"""
    # given seven cases, and a second version with another name and a shorter period for what comes next
    old = [filed()[0] for _ in range(7)]
    with other.session() as session:
        before, _ = current(session, "complaint", site.clock())
        files = files_of(session, before.id)
        changed = files["complaint.bpmn"].replace("研判处理方式".encode(), "研究处理方式".encode())
        engine.definition.publish(
            session, "complaint", {**files, "complaint.bpmn": changed},
            by="甲", approved_by="乙", now=site.clock(),
        )  # fmt: skip
        head, rule, tail = (PROCESSES / "deadlines.toml").read_text().partition("[CP-TRIAGE]")
        shorter = head + rule + tail.replace("value = 5", "value = 3", 1)
        publish_rules(session, shorter, by=SYSTEM_ACTOR, now=site.clock())
        session.commit()
    new = filed()[0]
    # when the clerk goes on with the first and the new one
    clerk = site.as_("clerk1")
    for number in (old[0], new):
        walk.well(clerk.send(task_of(site, number), walk.ELEMENTS))
    # then
    for number in (old[0], old[6]):
        assert "第 1 版" in case_page(site, number)
        assert "03-09" in case_page(site, number)  # five working days from 2 March
    assert "第 2 版" in case_page(site, new)
    assert "03-05" in case_page(site, new)
    inbox = clerk.get("/inbox").words
    assert "研判处理方式" in inbox
    assert "研究处理方式" in inbox


def task_of(site: Site, number: str) -> str:
    with site.session() as session:
        query = select(Task.id).join(Case, Case.instance_id == Task.instance_id)
        return f"/task/{session.scalars(query.where(Case.number == number, Task.status == 'open')).one()}"


def case_page(site: Site, number: str) -> str:
    with site.session() as session:
        instance_id = session.scalars(select(Case.instance_id).where(Case.number == number)).one()
    return site.as_("lead").get(f"/case/{instance_id}").words


def test_rules_that_another_process_published_count_from_now_on(site: Site, other: System) -> None:
    # given rules that were read
    with site.session() as session:
        before = site.system.context.rules(session)["CP-HANDLE"]
    # when
    text = (PROCESSES / "deadlines.toml").read_text() + "\n# 修订\n"
    with other.session() as session:
        publish_rules(session, text, by=SYSTEM_ACTOR, now=site.clock())
        session.commit()
    # then
    with site.session() as session:
        after = site.system.context.rules(session)
    assert after.version == hashlib.sha256(text.encode()).hexdigest()
    assert after["CP-HANDLE"].version != before.version
