"""What the content security policy would refuse is in no template, and what templates name is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

FORMS = Path(__file__).parents[3] / "forms"
TEMPLATES = sorted((FORMS / "templates").rglob("*.html"))
ICONS = set(re.findall(r'<symbol id="([\w-]+)"', (FORMS / "static" / "icons.svg").read_text()))
REFUSED = {
    "a script without an address": r"<script(?![^>]*\bsrc=)",
    "a style element": r"<style\b",
    "a style attribute": r"<[^>{]*\sstyle=",
    "a handler attribute": r"<[^>{]*\son[a-z]+=",
    "an address of another host": r"""(?:src|href|action)=["']?https?://""",
}


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.relative_to(FORMS).as_posix())
def test_a_template_holds_nothing_that_the_policy_refuses(template: Path) -> None:
    text = template.read_text()
    assert [what for what, pattern in REFUSED.items() if re.search(pattern, text)] == []


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.relative_to(FORMS).as_posix())
def test_a_template_draws_only_icons_that_exist(template: Path) -> None:
    assert set(re.findall(r"icon\('([\w-]+)'", template.read_text())) <= ICONS


def test_the_pictures_are_drawings_without_scripts() -> None:
    drawings = [*(FORMS / "static").glob("*.svg"), *(FORMS.parent / "web" / "src" / "art").glob("*.svg")]
    assert len(drawings) >= 4
    assert [path.name for path in drawings if re.search(r"<script|\son\w+=", path.read_text())] == []
