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
from engine.store.tables import Definition, Instance
from supervision.deadlines.versions import publish_rules
from supervision.identity.key import load_keys
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
