"""The description at /api/v1/openapi.json is complete, and the API keeps to it whatever is sent."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from sqlalchemy import select

from engine.store.tables import Deadline, Incident, Instance, Task
from tests.acceptance.api.client import ROOT, program
from tests.acceptance.pages.conftest import Site

CHECKS = [
    not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance,
]  # fmt: skip


REAL = {
    "definition": ("complaint", "extension", "opinion_box"),
    "name": ("msg_supplement", "msg_withdraw", "msg_clue"),
}
"""Members of bodies whose made-up values would lead nowhere."""


@pytest.fixture
def description(site: Site) -> dict[str, Any]:
    answer = program(site).get("/openapi.json")
    assert answer.status_code == 200
    found: dict[str, Any] = answer.get_json()
    return found


def operations(description: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in description["paths"].items():
        for method, operation in methods.items():
            if method in ("get", "post", "put", "patch", "delete"):
                yield f"{method.upper()} {path}", operation


def test_every_operation_says_what_it_does_and_what_can_go_wrong(description: dict[str, Any]) -> None:
    names = [operation["operationId"] for _, operation in operations(description)]
    assert len(names) == len(set(names)) >= 20
    for name, operation in operations(description):
        assert operation["summary"], name
        assert operation["description"], name
        assert operation["security"] == [{"bearer": []}], name
        assert {"401", "403"} <= set(operation["responses"]), name
        if "requestBody" in operation:
            assert "example" in operation["requestBody"]["content"]["application/json"], name
            assert {"400", "413", "415", "422"} <= set(operation["responses"]), name


def test_every_problem_has_an_example(description: dict[str, Any]) -> None:
    for response in description["components"]["responses"].values():
        assert response["content"]["application/problem+json"]["example"]["title"]


def test_unknown_members_are_ruled_out_in_every_body(description: dict[str, Any]) -> None:
    for name, operation in operations(description):
        if "requestBody" in operation:
            reference = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"]
            schema = description["components"]["schemas"][reference.rsplit("/", 1)[1]]
            assert schema["additionalProperties"] is False, name


def attack(site: Site, cases: int) -> tuple[int, set[str]]:
    """Sends `cases` requests to each operation, right ones and wrong ones, and judges each answer.

    Half of the ids that are made up are turned into real ones. Returns how many were sent, and the operations
    that answered well at least once.
    """
    with site.session() as session:
        known = {
            "task_id": list(session.scalars(select(Task.id))),
            "instance_id": list(session.scalars(select(Instance.id))),
            "deadline_id": list(session.scalars(select(Deadline.id))),
            "incident_id": list(session.scalars(select(Incident.id))),
            "key": ["complaint", "extension"],
        }
    keys = [program(site, login).token for login in ("clerk1", "admin")]
    sent, well = 0, set()

    def send(case: schemathesis.Case) -> None:
        nonlocal sent
        sent += 1
        for name in dict(case.path_parameters):
            if sent % 2 and known.get(name):
                case.path_parameters[name] = known[name][sent // 2 % len(known[name])]
        for name, values in REAL.items():
            if sent % 3 and isinstance(case.body, dict) and isinstance(case.body.get(name), str):
                case.body[name] = values[sent % len(values)]
        key = keys[sent // 3 % 2]
        response = case.call(headers={"Authorization": f"Bearer {key}"})
        case.validate_response(response, checks=CHECKS)
        if response.status_code < 300:
            well.add(case.operation.label)

    schema = schemathesis.openapi.from_wsgi(f"{ROOT}/openapi.json", site.app)
    for operation in (found.ok() for found in schema.get_all_operations()):
        for mode in GenerationMode:
            told = settings(
                max_examples=cases // 2, deadline=None, derandomize=True, database=None,
                phases=[Phase.generate], suppress_health_check=list(HealthCheck),
            )  # fmt: skip
            told(given(case=operation.as_strategy(generation_mode=mode))(send))()
    return sent, well


@pytest.mark.parametrize(
    ("cases", "least"),
    [(10, 150), pytest.param(100, 2000, marks=pytest.mark.campaign)],
    ids=["short", "long"],
)
def test_whatever_is_sent_the_answer_is_as_described(
    site: Site, filed: Callable[..., tuple[str, str]], cases: int, least: int
) -> None:
    # given
    filed()
    filed()
    # when
    sent, well = attack(site, cases)
    # then
    assert sent >= least
    assert {"GET /api/v1/tasks", "GET /api/v1/definitions", "GET /api/v1/instances"} <= well
