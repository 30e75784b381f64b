"""A data folder of its own for each test, and the command line as a function."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from command.main import main
from command.prepare import prepare
from command.settings import Settings
from tests.made_once import made_once

PROCESSES = Path(__file__).parents[3] / "processes"
Ducha = Callable[..., tuple[int, str, str]]


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "data"
    monkeypatch.setenv("DUCHA_DATA", str(folder))
    monkeypatch.setenv("DUCHA_PROCESSES", str(PROCESSES))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    return folder


@pytest.fixture
def ducha(data: Path, capsys: pytest.CaptureFixture[str]) -> Ducha:
    """Runs `ducha …`: (exit code, stdout, stderr)."""

    def run(*words: str) -> tuple[int, str, str]:
        capsys.readouterr()
        try:
            code = main(words)
        except SystemExit as leaving:
            code = int(leaving.code or 0)
        out, err = capsys.readouterr()
        return code, out, err

    return run


@pytest.fixture(scope="session")
def prepared_demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Made once, to be copied."""
    return made_once(tmp_path_factory, "district-of-the-commands", _prepare)


def _prepare(folder: Path) -> None:
    settings = Settings(folder, f"sqlite:///{folder / 'ducha.db'}", PROCESSES, "127.0.0.1", 0)
    prepare(settings).system.database.dispose()


@pytest.fixture
def demo(data: Path, prepared_demo: Path) -> Path:
    """The demo district, prepared, without cases."""
    shutil.copytree(prepared_demo, data)
    return data


def told(out: str) -> Mapping[str, Any]:
    """The JSON object a program reads."""
    read: Mapping[str, Any] = json.loads(out)
    return read
