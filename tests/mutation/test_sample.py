"""A few mutants of each kind; `make mutation` judges them all."""

from __future__ import annotations

import hashlib

import pytest

from tests.mutation.judge import PROCESSES, checked, killed_by
from tests.mutation.mutants import Mutant, mutants_of

SAMPLE = 1
"""Mutants judged by playing scenarios: each costs a database and up to all stories of its process."""


def _sample(folder: str, number: int) -> list[Mutant]:
    """Always the same ones, whatever is added beside them."""
    found = [mutant for mutant in mutants_of(PROCESSES / folder) if mutant.file.endswith(".bpmn")]
    return sorted(found, key=lambda mutant: hashlib.sha256(mutant.name.encode()).digest())[:number]


def test_every_process_has_mutants() -> None:
    folders = [path.parent for path in PROCESSES.glob("*/*.bpmn")]
    assert all(any(mutants_of(folder)) for folder in folders)


def test_the_processes_themselves_turn_nothing_red() -> None:
    assert checked(PROCESSES, "complaint") is None


@pytest.mark.parametrize("mutant", _sample("complaint", SAMPLE), ids=lambda mutant: mutant.without)
def test_what_is_left_out_turns_something_red(mutant: Mutant) -> None:
    scripts = sorted((PROCESSES / mutant.folder / "scenarios").glob("*.toml"))
    assert killed_by(mutant, scripts) is not None
