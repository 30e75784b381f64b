"""A district behind a socket, and people with browsers in front of it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from command import demo
from command.settings import SEED, Settings
from tests.browser.people import People, Shoot
from tests.browser.server import BUSY_DAY, Server, seed_template, settings_of
from tests.browser.watch import Watch
from tests.made_once import made_once

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    # The address bar draws its suggestions as two pages of its own, in each window: dearer than ours.
    # The switch replaces the one that Playwright sets, so its features stand here again.
    "--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup,PreloadTopChromeWebUI,"
    "HttpsUpgrades,HttpsFirstBalancedModeAutoEnable,LensOverlay,MediaRouter,PaintHolding,"
    "ThirdPartyStoragePartitioning,OptimizationHints,PreconnectToSearch,NetworkTimeServiceQuerying,SpareRendererForSitePerProcess",
)  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder drives a browser; without one it is skipped, and says so."""
    missing = pytest.mark.skip(
        reason=f"没有浏览器 {CHROMIUM}：请安装 chromium，或用环境变量 CHROMIUM 指明 (no browser there)"
    )
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if not Path(CHROMIUM).exists():
                item.add_marker(missing)


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The seeded district that each test gets a copy of."""
    return settings_of(made_once(tmp_path_factory, "district-of-the-browser", seed_template))


@pytest.fixture
def server(template: Settings, tmp_path: Path) -> Iterator[Server]:
    """Serves this test's own district."""
    with Server(template, tmp_path / "data") as running:
        yield running


@pytest.fixture(scope="session")
def busy_template(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The same with the cases of `ducha demo`."""
    stories = sorted((SEED / demo.FOLDER).glob("*.toml"))
    return seed_template(tmp_path_factory.mktemp("busy-district"), BUSY_DAY, stories)


@pytest.fixture
def busy_server(busy_template: Settings, tmp_path: Path) -> Iterator[Server]:
    """Serves a district with cases at different places."""
    with Server(busy_template, tmp_path / "busy", BUSY_DAY) as running:
        running.move(BUSY_DAY + timedelta(minutes=1))
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests; each person has a context of their own in it."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield opened
        opened.close()


@pytest.fixture
def shot(request: pytest.FixtureRequest) -> Shoot:
    """`shot(page, "inbox")` keeps a picture when DUCHA_SHOTS names a folder; else does nothing."""
    folder = os.environ.get("DUCHA_SHOTS")

    def save(page: Page, name: str) -> None:
        if folder:
            path = Path(folder) / f"{name}.png"
            path.parent.mkdir(parents=True, exist_ok=True)
            page.screenshot(path=path, full_page=True, animations="disabled")

    return save


@pytest.fixture
def people(browser: Browser, server: Server) -> Iterator[People]:
    """Everybody who takes part; what their browsers complain of fails the test."""
    yield from _crowd(browser, server)


@pytest.fixture
def busy_people(browser: Browser, busy_server: Server) -> Iterator[People]:
    """The people of the busy district."""
    yield from _crowd(browser, busy_server)


def _crowd(browser: Browser, server: Server) -> Iterator[People]:
    watch = Watch()
    crowd = People(browser, server.url, watch)
    yield crowd
    crowd.leave()
    assert watch.faults == []
