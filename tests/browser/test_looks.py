"""Every main page fits a phone and a desk, in light and in dark; pictures of them are kept on demand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Literal

import pytest
from playwright.sync_api import Page

from supervision.complaint.intake import NewReceipt
from tests.browser.backstage import backstage, task_id
from tests.browser.citizen import COMPLAINT, PHONE as TELEPHONE, Receipt, ask
from tests.browser.hands import fill, send
from tests.browser.people import PHONE, WIDE, People, Shoot, log_in
from tests.browser.server import Server

SIZES = {"1440": WIDE, "390": PHONE}
Scheme = Literal["light", "dark"]


@pytest.fixture
def cases(server: Server) -> dict[str, NewReceipt]:
    """A case at each kind of desk: new, with a unit and late, published."""
    with backstage(server) as yunxi:
        cases = {name: yunxi.file() for name in ("late", "published", "new")}
        for name in ("late", "published"):
            yunxi.triage(cases[name])
            yunxi.letter(cases[name])
        yunxi.investigate(cases["published"])
        yunxi.letter(cases["published"])
        yunxi.publish(cases["published"])
        yunxi.do(cases["late"], "ut_assign", "lead", mode="转办承办单位", lead_unit="U06", due="2026-03-20")
        yunxi.letter(cases["late"])
    server.move("2026-03-25T09:30")
    with backstage(server) as yunxi:
        cases["fresh"] = yunxi.file(target_unit="U08")
    return cases


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_no_page_is_wider_than_its_window(
    people: People, server: Server, cases: dict[str, NewReceipt], shot: Shoot, size: str, scheme: Scheme
) -> None:
    # given somebody with that window
    def stranger() -> Page:
        return people.stranger(viewport=SIZES[size], color_scheme=scheme)

    # when every page is opened, then nothing of it lies beside the window
    wide = []
    for name, page in _public(stranger, cases) | _staff(stranger, server, cases):
        shot(page, f"{name}-{size}-{scheme}")
        if page.evaluate("document.scrollingElement.scrollWidth > innerWidth"):
            wide.append((name, _widest(page)))
    assert wide == []
