"""What a person does with a form: fills it in by the names of its fields, and sends it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from playwright.sync_api import Locator, Page

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f64540"
    "0000000049454e44ae426082"
)
"""A picture of one pixel."""


def picture(name: str = "现场照片.png") -> dict[str, Any]:
    """A file as the browser's file chooser gives it."""
    return {"name": name, "mimeType": "image/png", "buffer": PNG}


def fill(form: Locator, answers: Mapping[str, Any]) -> None:
    """Types text, picks one for a str, several for a list, ticks for a bool, attaches files; leaves None."""
    for name, answer in answers.items():
        if answer is None:
            continue
        controls = form.locator(f'[name="{name}"]')
        first = controls.first
        kind = first.evaluate("e => e.type")
        if kind in ("radio", "checkbox"):
            _tick(form, name, answer)
        elif kind == "select-one":
            first.select_option(answer)
        elif kind == "file":
            first.set_input_files(answer)
        else:
            first.fill(answer)


def send(page: Page, form: Locator, button: str) -> None:
    """Presses the form's button and waits for the page that follows."""
    with page.expect_navigation(wait_until="domcontentloaded"):
        form.get_by_role("button", name=button, exact=True).click()


def _tick(form: Locator, name: str, answer: str | bool | Sequence[str]) -> None:
    if isinstance(answer, bool):
        form.locator(f'[name="{name}"]').set_checked(answer)
        return
    for value in [answer] if isinstance(answer, str) else answer:
        form.locator(f'[name="{name}"][value="{value}"]').check()
