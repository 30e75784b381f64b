"""Who takes part in a story: staff who log in, and the public who does not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.hands import fill, send
from tests.browser.watch import Watch

PASSWORD = "yunxi-demo-2026"
WIDE = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
PATIENCE_MS = 20_000

Shoot = Callable[[Page, str], None]


class People:
    """Gives each person a browser of their own; staff keep theirs through a story."""

    def __init__(self, browser: Browser, url: str, watch: Watch) -> None:
        self.browser, self.url, self.watch = browser, url, watch
        self._staff: dict[str, Page] = {}
        self._contexts: list[BrowserContext] = []

    def stranger(self, **options: Any) -> Page:
        """Somebody who is not logged in. `options` go to the browser context (viewport, colour scheme …)."""
        context = self.browser.new_context(
            **{"base_url": self.url, "viewport": WIDE, "locale": "zh-CN", **options}
        )
        context.set_default_timeout(PATIENCE_MS)
        self.watch.over(context)
        self._contexts.append(context)
        return context.new_page()

    def staff(self, login: str) -> Page:
        """The page of that person, who logs in the first time."""
        if login not in self._staff:
            self._staff[login] = log_in(self.stranger(), login)
        return self._staff[login]

    def back(self, login: str) -> Page:
        """The page of that person, who comes back after hours: the old log-in has ended meanwhile."""
        page = self.staff(login)
        page.goto("/login")
        return log_in(page, login) if "/login" in page.url else page

    def leave(self) -> None:
        """Everybody closes their browser."""
        for context in self._contexts:
            context.close()


def log_in(page: Page, login: str) -> Page:
    """Through the log-in page, which may be open already."""
    if "/login" not in page.url:
        page.goto("/login")
    form = page.locator("form.form")
    fill(form, {"login": login, "password": PASSWORD})
    send(page, form, "登录")
    return page
