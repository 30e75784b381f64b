"""Notes what a browser complains of; the test fails for it at its end."""

from __future__ import annotations

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, Response

LEFT_THE_PAGE = "net::ERR_ABORTED"
STATUS_OF_A_PAGE = "Failed to load resource"
"""Chromium's line for an answer of 4xx; `_answered` judges those, and a page may answer 409 or 422."""


class Watch:
    """Console errors (refusals of the content security policy are such), broken scripts, failed requests."""

    def __init__(self) -> None:
        self.faults: list[str] = []

    def over(self, context: BrowserContext) -> None:
        """Looks at every page of `context` from now on."""
        context.on("page", self._page)
        context.on("console", self._said)
        context.on("requestfailed", self._failed)
        context.on("response", self._answered)

    def _page(self, page: Page) -> None:
        page.on("pageerror", lambda error: self.faults.append(f"{page.url}: script broke: {error}"))

    def _said(self, message: ConsoleMessage) -> None:
        if message.type == "error" and STATUS_OF_A_PAGE not in message.text:
            self.faults.append(f"{message.page.url if message.page else ''}: {message.text}")

    def _failed(self, request: Request) -> None:
        if request.failure != LEFT_THE_PAGE:
            self.faults.append(f"{request.url}: {request.failure}")

    def _answered(self, response: Response) -> None:
        shown = response.request.resource_type == "document"
        if response.status >= 500 or (response.status >= 400 and not shown):
            self.faults.append(f"{response.status} {response.request.method} {response.url}")
