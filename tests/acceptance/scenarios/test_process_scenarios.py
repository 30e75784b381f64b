"""Every scenario file beside a process plays as it is written, those of the specification among them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from command.play.stage import Theatre
from command.scenario import play, scripts_at

PROCESSES = Path(__file__).parents[3] / "processes"
SPECIFIED = ("T10", "T12", "T13", "T14", "T15", "T16", "T19", "T21", "T22")


@pytest.fixture(scope="module")
def theatre() -> Iterator[Theatre]:
    with Theatre(PROCESSES) as opened:
        yield opened


@pytest.mark.parametrize("path", scripts_at([PROCESSES]), ids=lambda path: path.stem)
def test_the_scenario_plays_as_written(theatre: Theatre, path: Path) -> None:
    assert play(theatre, path, PROCESSES).problems == []


def test_the_specified_scenarios_are_all_there() -> None:
    names = [path.stem for path in scripts_at([PROCESSES / "complaint"])]
    assert [number for number in SPECIFIED if not any(name.startswith(number) for name in names)] == []
