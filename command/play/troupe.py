"""Plays several scenario files at once: forked players share the seeded databases and take a file each."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")
_play: Callable[[Any], object] | None = None
"""What a forked player does; set before the fork, so that nothing has to be pickled."""


def played(play: Callable[[Item], Result], files: Sequence[Item], players: int = 0) -> Iterator[Result]:
    """Results in the order of `files`. `players` 0: one for each processor."""
    players = min(players or os.cpu_count() or 1, len(files))
    if players < 2 or "fork" not in multiprocessing.get_all_start_methods():
        yield from map(play, files)
        return
    global _play
    _play = play
    try:
        with multiprocessing.get_context("fork").Pool(players, _ended_by_signal) as pool:
            yield from pool.imap(_one, files, chunksize=1)
    finally:
        _play = None


def _ended_by_signal() -> None:
    """A player keeps no handler of the program it was forked from: the pool ends it with SIGTERM."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _one(file: Any) -> object:
    assert _play is not None
    return _play(file)
