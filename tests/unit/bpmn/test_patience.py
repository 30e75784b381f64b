"""How often a service task is tried again, as diagrams say it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.bpmn.patience import next_try, waits_first
from engine.errors import DiagramError

from .drawn import END, NOW, START, extensions, process, program


def minutes(text: str, most: int = 9) -> list[int]:
    """Minutes before each further try."""
    found = []
    for tries in range(most):
        due = next_try({"retry": text}, tries, NOW)
        if due is None:
            return found
        found.append(round((due - NOW) / timedelta(minutes=1)))
    return found


@pytest.mark.parametrize(
    ("text", "expected"),
    [("", [1, 5, 25]), ("R3/PT10M", [10, 10, 10]), ("PT1M", [1]), ("PT1M, PT1H", [1, 60]), ("R0/PT1M", [])],
)  # fmt: skip
def test_the_waits_are_as_written(text: str, expected: list[int]) -> None:
    assert minutes(text) == expected


@pytest.mark.parametrize("text", ["R/PT1M", "R101/PT1M", "${often}", "3", "R3/10M", ","])
def test_what_is_not_readable_is_refused_at_publish(text: str) -> None:
    topic = 'camunda:type="external" camunda:topic="t"'
    service = f'<serviceTask id="v" {topic}>{extensions(retry=text)}</serviceTask>'
    with pytest.raises(DiagramError, match="重试") as refused:
        program(process(START + END + service, "s > v; v > e"))
    assert [problem.element_id for problem in refused.value.problems] == ["v"]


def test_what_no_handler_serves_may_say_anything() -> None:
    """Other tools write it on every element."""
    task = f'<userTask id="v">{extensions(retry="${often}")}</userTask>'
    assert program(process(START + END + task, "s > v; v > e"))


@pytest.mark.parametrize(
    ("written", "first"), [("true", True), ("True ", True), ("false", False), ("", False)]
)
def test_async_leaves_it_to_a_job(written: str, first: bool) -> None:
    assert waits_first({"async": written}) is first
