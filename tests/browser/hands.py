"""What a person does with a form: fills it in by the names of its fields, and sends it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import takewhile
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


FILL_IN = """(form, answers) => {
    const plain = ["text", "textarea", "select-one", "date", "tel"];
    const seen = (e) => e && !e.disabled && !e.readOnly && e.checkVisibility() 
        && e.getClientRects().length > 0;
    const one = (controls, answer) => {
        const first = controls[0];
        if (!seen(first)) return false;
        if (["radio", "checkbox"].includes(first.type)) {
            const found = [answer].flat().map((value) => controls.find((e) => e.value === value));
            if (typeof answer === "boolean" || !found.every(seen)) return false;
            found.forEach((e) => e.checked || e.click());
            return found.every((e) => e.checked);
        }
        if (typeof answer !== "string" || !plain.includes(first.type)) return false;
        first.focus();
        first.value = answer;
        for (const event of ["input", "change"]) first.dispatchEvent(new Event(event, { bubbles: true }));
        return first.value === answer;
    };
    let done = 0;
    for (const [name, answer] of answers) {
        if (!one([...form.querySelectorAll(`[name="${name}"]`)], answer)) break;
        done += 1;
    }
    return done;
}"""
"""How many of [name, answer] were filled in, in one visit, as visits are what costs.
It stops at what cannot be seen or is no plain field; that is done as a hand does it, with patience."""


def fill(form: Locator, answers: Mapping[str, Any]) -> None:
    """Types text, picks one for a str, several for a list, ticks for a bool, attaches files; leaves None."""
    left = [(name, answer) for name, answer in answers.items() if answer is not None]
    while left:
        plain = list(takewhile(lambda pair: not _files(pair[1]), left))
        left = left[form.first.evaluate(FILL_IN, plain) if plain else 0 :]
        if left:
            _fill_one(form, *left.pop(0))


def _files(answer: Any) -> bool:
    return isinstance(answer, list) and any(isinstance(one, dict) for one in answer)


def _fill_one(form: Locator, name: str, answer: Any) -> None:
    first = form.locator(f'[name="{name}"]').first
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
