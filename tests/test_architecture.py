"""The house's walls: who may import whom, who may read a clock, and how large a file may grow."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
HOUSE = ("engine", "supervision", "forms", "scheduler", "command")
MAY_IMPORT = {
    "engine": {"engine"},
    "supervision": {"engine", "supervision"},
    "forms": {"engine", "supervision", "forms"},
    "scheduler": {"engine", "supervision", "scheduler"},
    "command": set(HOUSE),
}
ROOMS = {
    "errors": set(),
    "actor": set(),
    "store": {"errors"},
    "bpmn": {"errors"},
    "deadline": {"errors"},
    "history": {"errors", "actor", "store"},
    "definition": {"errors", "actor", "store", "bpmn", "history"},
    "instance": {"errors", "actor", "store", "bpmn", "deadline", "history", "definition"},
}
"""Room of `engine` → rooms it may import besides itself. Any room not named here stands rightmost."""
LAST = {"errors", "actor", "store", "bpmn", "deadline", "history", "definition", "instance"}
PURE = ("engine/bpmn", "engine/deadline")
CLOCKS = re.compile(r"\b(datetime\.now|datetime\.utcnow|date\.today|time\.time|time_ns)\(")
LONGEST = 300


def sources(*folders: str) -> list[Path]:
    """Python files of the folders, migrations' generated versions left out."""
    found = [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]
    return [path for path in found if "migrations/versions" not in path.as_posix()]


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def imports(path: Path) -> frozenset[str]:
    """Dotted names of the modules a file imports, wherever in the file."""
    return frozenset(_imports(path))


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(), filename=str(path))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            yield module
            yield from (f"{module}.{alias.name}" for alias in node.names)


def importing(folders: tuple[str, ...], *modules: str) -> list[str]:
    """Files below the folders that import one of the modules."""
    return [
        f"{name(path)} imports {module}"
        for path in sources(*folders)
        for module in imports(path)
        if module.split(".")[0] in modules
    ]


@pytest.mark.parametrize("storey", HOUSE)
def test_imports_point_one_way(storey: str) -> None:
    others = [other for other in HOUSE if other not in MAY_IMPORT[storey]]
    assert importing((storey,), *others) == []


@pytest.mark.parametrize("room", sorted(p.stem for p in (ROOT / "engine").iterdir() if p.stem[0] != "_"))
def test_rooms_of_the_engine_import_only_what_stands_left_of_them(room: str) -> None:
    allowed = ROOMS.get(room, LAST) | {room}
    home = (
        [ROOT / "engine" / f"{room}.py"]
        if (ROOT / "engine" / f"{room}.py").exists()
        else sources(f"engine/{room}")
    )
    wrong = [
        f"{name(path)} imports {module}"
        for path in home
        for module in imports(path)
        if module.startswith("engine.") and module.split(".")[1] not in allowed
    ]
    assert wrong == []


def test_the_library_is_touched_in_one_room_only() -> None:
    outside = tuple(folder for folder in (*HOUSE, "tests"))
    wrong = [
        line
        for line in importing(outside, "SpiffWorkflow")
        if not line.startswith(("engine/bpmn/", "tests/unit/bpmn/"))
    ]
    assert wrong == []


def test_pure_rooms_know_neither_database_nor_web() -> None:
    assert importing(PURE, "sqlalchemy", "flask", "flask_sqlalchemy") == []


def test_only_forms_and_command_know_flask() -> None:
    assert importing(("engine", "supervision", "scheduler"), "flask", "flask_login", "flask_wtf") == []


def test_the_house_names_what_it_imports_in_full() -> None:
    wrong = [f"{name(p)}: {module}" for p in sources(*HOUSE) for module in imports(p) if module[:1] == "."]
    assert wrong == []


def test_apscheduler_is_known_to_the_scheduler_only() -> None:
    wrong = importing(HOUSE, "apscheduler")
    assert [line for line in wrong if not line.startswith("scheduler/")] == []


def test_nobody_reads_a_clock_but_the_command() -> None:
    wrong = [
        f"{name(path)}: {match.group()}"
        for path in sources("engine", "supervision", "forms", "scheduler")
        for match in CLOCKS.finditer(path.read_text())
    ]
    assert wrong == []


def test_raw_sql_stays_in_the_store() -> None:
    """It would pass by the visibility hook."""
    wrong = [
        f"{name(path)}:{node.lineno}"
        for path in sources(*HOUSE)
        if not name(path).startswith("engine/store/")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and (
            (
                isinstance(node.func, ast.Name)
                and node.func.id == "text"
                and "sqlalchemy.text" in imports(path)
            )
            or (isinstance(node.func, ast.Attribute) and node.func.attr == "exec_driver_sql")
        )
    ]
    assert wrong == []


def test_files_stay_small() -> None:
    long = {
        name(p): n
        for p in sources(*HOUSE, "bench", "tests")
        if (n := len(p.read_text().splitlines())) > LONGEST
    }
    assert long == {}


def test_every_file_says_its_job_first() -> None:
    silent = [
        name(path)
        for path in sources(*HOUSE, "bench", "tests")
        if path.read_text().strip() and not ast.get_docstring(ast.parse(path.read_text()))
    ]
    assert silent == []


def test_nothing_is_left_for_later() -> None:
    words = re.compile(r"\b(TODO|FIXME|XXX)\b")
    here = Path(__file__)
    wrong = [name(p) for p in sources(*HOUSE, "bench", "tests") if p != here and words.search(p.read_text())]
    assert wrong == []
