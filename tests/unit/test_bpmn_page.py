"""docs/bpmn.md names tests that exist."""

from __future__ import annotations

import re
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "bpmn.md"
_LINK = re.compile(r"\[`(?:[\w/.]+::)?(\w+)`\]\(([^)]+\.py)\)")


def test_every_test_it_links_exists() -> None:
    links = _LINK.findall(PAGE.read_text())
    missing = [
        (path, name)
        for name, path in links
        if f"def {name}(" not in (PAGE.parent / path).resolve().read_text()
    ]
    assert len(links) > 80
    assert missing == []


def test_every_line_of_its_tables_links_one() -> None:
    lines = [line for line in PAGE.read_text().splitlines() if line.startswith("| ")]
    told = [line for line in lines if not line.endswith("| test |")]
    assert told
    assert [line for line in told if not _LINK.search(line)] == []
