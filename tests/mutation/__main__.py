"""`make mutation`: every mutant of every process, on all processors; prints those that survive."""

from __future__ import annotations

import sys

from command.play.troupe import played
from tests.mutation.judge import PROCESSES, killed_by
from tests.mutation.mutants import mutants_of


def main(folders: list[str]) -> int:
    """`folders`: names below `processes`; none means all. 1 when a mutant survives."""
    mutants = {
        mutant.name: mutant
        for path in sorted(PROCESSES.iterdir())
        if path.is_dir() and (not folders or path.name in folders)
        for mutant in mutants_of(path)
    }
    judged = played(lambda name: (name, killed_by(mutants[name])), list(mutants))
    survivors = 0
    for name, cause in judged:
        survivors += cause is None
        if cause is None:
            print(f"survived  {name}", flush=True)
    print(f"{len(mutants)} mutants, {survivors} survived")
    return int(survivors > 0)


sys.exit(main(sys.argv[1:]))
