"""Checks the Word templates of the folders or files that were asked about."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from engine.errors import Problem
from supervision.document.register import read_words
from supervision.document.word.check import template_problems
from supervision.document.word.environment import environment

FOLDER = "documents"


def templates_at(paths: Iterable[Path]) -> list[Path]:
    """The .docx among the paths, in a `documents` folder, or in one below a folder of processes."""
    found: set[Path] = set()
    for path in paths:
        if path.is_file() and path.suffix == ".docx":
            found.add(path)
        elif path.is_dir():
            folder = path if path.resolve().name == FOLDER else path / FOLDER
            found |= {file for file in folder.glob("D*.docx")}
    return sorted(found)


def only_templates(path: Path) -> bool:
    """Whether the path leads to templates and to no process."""
    return path.suffix == ".docx" or (path.is_dir() and path.resolve().name == FOLDER)


def problems_of(files: Iterable[Path]) -> list[Problem]:
    """Of each file, with the words of the documents.toml beside it. Raises InvalidData: that is broken."""
    found: list[Problem] = []
    for file in files:
        words = read_words(file.resolve().parent.parent)
        name = f"{FOLDER}/{file.name}"
        found += template_problems(name, file.read_bytes(), environment(words), set(words))
    return found
