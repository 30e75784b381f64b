"""Scenario files are played by several players at once, and told in their order."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from command.play.troupe import played

FILES = [Path(f"T{number:02}.toml") for number in range(6)]


def test_results_come_in_the_order_of_the_files() -> None:
    assert list(played(lambda path: path.stem, FILES, players=2)) == [path.stem for path in FILES]


def test_players_are_processes_of_their_own() -> None:
    players = set(played(lambda path: os.getpid(), FILES, players=2))
    assert os.getpid() not in players


def test_one_player_is_nobody_else() -> None:
    assert set(played(lambda path: os.getpid(), FILES, players=1)) == {os.getpid()}


def test_what_goes_wrong_with_one_player_is_told() -> None:
    def play(path: Path) -> str:
        raise ValueError(path.stem)

    with pytest.raises(ValueError, match="T00"):
        list(played(play, FILES, players=2))
