"""Nothing that a form, a message or a choice shows is without a Chinese word.

The case page and its history draw each answer under the label of its field: a field without one
would show its key.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from forms.pages.case.timeline import SAID
from forms.schema import FormFile
from supervision.setup import read_messages
from tests.unit.processes.bundles import PROCESSES

CHINESE = re.compile(r"[\u4e00-\u9fff]")
CODE = re.compile(r"\bR\d+[(¶]|\b(?:AV|RQ)-\d")
"""Codes of clauses and of requirements, which only process owners read."""
FORMS = sorted(PROCESSES.glob("*/*.form"))


def named(component: Mapping[str, Any]) -> str:
    """The label that a reader sees; a date keeps its own."""
    return str(component.get("label") or component.get("dateLabel") or component.get("timeLabel") or "")


def unnamed(path: Path) -> Iterator[str]:
    """Keys of fields without a Chinese label, and values of choices that read as code."""
    for _, leaf in FormFile.parse(path.read_bytes(), path.stem).leaves():
        if not CHINESE.search(named(leaf.component)):
            yield leaf.key
        for choice in leaf.component.get("values") or ():
            shown = str(choice.get("label", ""))
            if not re.search(r"[\u4e00-\u9fff\d]", shown) or CODE.search(shown):
                yield f"{leaf.key}={choice['value']}"


@pytest.mark.parametrize("path", FORMS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_field_and_choice_has_a_chinese_word(path: Path) -> None:
    assert list(unnamed(path)) == []


@pytest.mark.parametrize("path", FORMS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_no_explanation_names_a_code(path: Path) -> None:
    shown = re.findall(r'"(?:label|description|text)":\s*"([^"]*)"', path.read_text("utf-8"))
    assert [text for text in shown if CODE.search(text)] == []


def test_every_message_has_a_chinese_word() -> None:
    declared = read_messages(PROCESSES / "messages.toml")
    assert [name for name, message in declared.items() if not CHINESE.search(message.label or "")] == []


def test_every_event_of_the_history_has_a_chinese_word() -> None:
    assert [kind for kind, word in SAID.items() if not CHINESE.search(word)] == []
