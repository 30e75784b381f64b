"""Says what turns red for a mutant: a check before publishing, an invariant, or a scenario."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

from command.bundles import bundles_at
from command.checks import checker_for
from command.play.stage import Theatre
from command.scenario import play, scripts_at
from engine.errors import DiagramError, EngineError
from tests.mutation.mutants import Mutant

PROCESSES = Path(__file__).parents[2] / "processes"


def killed_by(mutant: Mutant, scripts: Sequence[Path] | None = None) -> str | None:
    """The first thing that turns red; None for a mutant that survives.

    `scripts` are below `processes`; without them those of the mutant's folder come first, then all others.
    """
    with tempfile.TemporaryDirectory(prefix="ducha-mutant-") as made:
        root = Path(made) / "processes"
        shutil.copytree(PROCESSES, root)
        (root / mutant.folder / mutant.file).write_bytes(mutant.content)
        return checked(root, mutant.folder) or _played(root, mutant, scripts)


def checked(root: Path, folder: str) -> str | None:
    """The first error of the check, also of processes that call the mutant."""
    bundles = bundles_at([root])
    check = checker_for(root, bundles)
    for key in sorted(bundles, key=lambda key: key != folder):
        for problem in check(key, bundles[key]):
            if problem.severity == "error":
                return str(problem)
    return None


def _played(root: Path, mutant: Mutant, scripts: Sequence[Path] | None) -> str | None:
    files = [root / script.relative_to(PROCESSES) for script in scripts or scripts_at([PROCESSES])]
    files.sort(key=lambda file: file.parents[1].name != mutant.folder)
    with Theatre(root) as theatre:
        for file in files:
            try:
                problems = play(theatre, file, root).problems
            except (DiagramError, EngineError) as error:
                return f"{file.name}：{error}"
            if problems:
                return f"{file.name}：{problems[0]}"
    return None
