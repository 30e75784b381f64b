"""Scenario files are played by several players at once, and told in their order."""

from __future__ import annotations

import os
import subprocess
import sys
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


def test_players_end_though_the_program_does_not_end_by_the_signal() -> None:
    # given a program that only notes SIGTERM, as the scheduler does
    script = (
        "import signal; signal.signal(signal.SIGTERM, lambda *_: None)\n"
        "from command.play.troupe import played\n"
        "for _ in range(20):\n    said = list(played(lambda one: one * 2, [1, 2, 3], players=2))\n"
        "print(said)\n"
    )
    # then it comes to its end
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout) == (0, "[2, 4, 6]\n")
