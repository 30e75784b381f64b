"""The colours of the stylesheet can be read by everybody, in both themes (WCAG 2.1 AA)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

TOKENS = Path(__file__).parents[3] / "web" / "src" / "css" / "tokens.css"
TEXT, GRAPHICS = 4.5, 3.0

READ = [
    *[(text, ground) for text in ("text", "text-2", "text-3") for ground in ("bg", "card", "slate-soft")],
    *[(colour, ground) for colour in ("brand", "red", "amber", "green") for ground in ("bg", "card")],
    *[(colour, f"{colour}-soft") for colour in ("brand", "red", "amber", "green")],
    *[("text", f"{colour}-soft") for colour in ("brand", "red", "amber", "green")],
    *[(text, ground) for text in ("rail-text", "rail-on") for ground in ("rail", "rail-2")],
    ("rail-dim", "rail"), ("on-brand", "brand"), ("on-brand", "brand-strong"), ("notice-text", "notice"),
]  # fmt: skip
SEEN = [
    ("edge", "card"),
    ("seal", "rail"),
    ("red-bar", "card"),
    ("green-bar", "card"),
    ("brand", "slate-soft"),
]


def test_the_dark_set_is_the_same_for_the_system_and_for_the_chosen_theme() -> None:
    chosen, system = _sets()[1:]
    assert chosen == system


def test_every_colour_has_a_dark_one() -> None:
    light, dark, _ = _sets()
    assert {name for name, value in light.items() if value.startswith("#")} == {
        name for name, value in dark.items() if value.startswith("#")
    }


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), READ)
def test_text_stands_out_from_its_ground(text: str, ground: str, theme: int) -> None:
    assert _contrast(_sets()[theme], text, ground) >= TEXT


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("line", "ground"), SEEN)
def test_lines_that_mean_something_stand_out(line: str, ground: str, theme: int) -> None:
    assert _contrast(_sets()[theme], line, ground) >= GRAPHICS


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_a_count_on_the_seal_can_be_read(theme: int) -> None:
    assert _contrast(_sets()[theme], "seal-on", "seal") >= GRAPHICS


def _sets() -> list[dict[str, str]]:
    """Light, dark by choice, dark by the system: name → value."""
    blocks = re.findall(r":root[^{]*\{([^}]*)\}", TOKENS.read_text())
    return [dict(re.findall(r"--([\w-]+):\s*([^;]+);", block)) for block in blocks]


def _contrast(colours: dict[str, str], one: str, other: str) -> float:
    light, dark = sorted((_luminance(colours[one]), _luminance(colours[other])), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
