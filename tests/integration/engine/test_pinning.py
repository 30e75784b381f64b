"""Which version of a called process a new version pins, and which two do not go together."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from engine.definition import publish
from engine.errors import DiagramError
from engine.store.tables import Definition
from tests.integration.engine.conftest import T0

HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"'
    ' xmlns:camunda="http://camunda.org/schema/1.0/bpmn" targetNamespace="http://example.org">'
)


def drawn(id: str, inside: str, tag: str = "") -> bytes:
    attributes = f'id="{id}" isExecutable="true" camunda:versionTag="{tag}"'
    return f"{HEAD}<process {attributes}>{inside}</process></definitions>".encode()


def put(session: Session, key: str, inside: str, tag: str = "", days: int = 0) -> Definition:
    """Published on T0, in effect `days` later."""
    return publish(
        session, key, {f"{key}.bpmn": drawn(key, inside, tag)}, by="owner", approved_by="second", now=T0,
        effective_from=T0 + timedelta(days=days),
    )  # fmt: skip


def call(process: str, attributes: str = "", id: str = "call") -> str:
    return f'<callActivity id="{id}" calledElement="{process}" {attributes}/>'


@pytest.fixture
def session_with_versions(session: Session) -> Session:
    put(session, "leaf", '<task id="one"/>', "2025")
    put(session, "leaf", '<task id="two"/>', "2026")
    put(session, "leaf", '<task id="three"/>', "2026", days=30)
    return session


@pytest.mark.parametrize(
    ("binding", "version"),
    [
        ("", 2),  # the newest in effect
        ('camunda:calledElementBinding="latest"', 2),
        ('camunda:calledElementBinding="version" camunda:calledElementVersion="1"', 1),
        ('camunda:calledElementBinding="versionTag" camunda:calledElementVersionTag="2025"', 1),
        ('camunda:calledElementBinding="versionTag" camunda:calledElementVersionTag="2026"', 2),
    ],
)
def test_a_binding_pins_a_version(session_with_versions: Session, binding: str, version: int) -> None:
    caller = put(session_with_versions, "caller", call("leaf", binding))
    assert session_with_versions.get_one(Definition, caller.calls["leaf"]).version == version


@pytest.mark.parametrize(
    ("inside", "sentence"),
    [
        (call("nowhere"), "“nowhere”还没有发布"),
        (call("leaf", 'camunda:calledElementBinding="version" camunda:calledElementVersion="9"'), "第 9 版"),
        (call("leaf", 'camunda:calledElementBinding="version" camunda:calledElementVersion="3"'), "第 3 版"),
        (
            call("leaf", 'camunda:calledElementBinding="versionTag" camunda:calledElementVersionTag="x"'),
            "“x”",
        ),
        (
            call("leaf", 'camunda:calledElementBinding="version" camunda:calledElementVersion="1"', "first")
            + call("leaf"),
            "第 1 版和第 2 版",
        ),
    ],
)
def test_a_version_that_is_not_there_is_refused(
    session_with_versions: Session, inside: str, sentence: str
) -> None:
    with pytest.raises(DiagramError, match=sentence) as caught:
        put(session_with_versions, "caller", inside)
    assert [problem.element_id for problem in caught.value.problems] == ["call"]


def test_two_versions_of_one_bundle_by_different_ways_are_refused(session_with_versions: Session) -> None:
    old = 'camunda:calledElementBinding="version" camunda:calledElementVersion="1"'
    put(session_with_versions, "middle", call("leaf", old))
    with pytest.raises(DiagramError, match="“leaf”的一个版本，但是调用到第 1 版和第 2 版"):
        put(session_with_versions, "caller", call("middle", id="a") + call("leaf", id="b"))
