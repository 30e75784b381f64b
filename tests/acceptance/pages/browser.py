"""A browser without script: follows links, and sends forms as they stand on the page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from flask.testing import FlaskClient
from lxml import html
from werkzeug.test import TestResponse

File = tuple[str, bytes]
"""A file's name and content."""


@dataclass
class Page:
    """An answer, as somebody reads it."""

    response: TestResponse

    @property
    def code(self) -> int:
        return self.response.status_code

    @property
    def text(self) -> str:
        """What is visible or hidden in the page, tags and all."""
        return self.response.get_data(as_text=True)

    @property
    def words(self) -> str:
        """What can be read, without tags and with single spaces."""
        return " ".join(self.document.text_content().split())

    @property
    def document(self) -> html.HtmlElement:
        return html.document_fromstring(self.text)

    def form(self, action: str) -> html.FormElement:
        """The form that is sent to `action`; one without an address is sent to the page itself."""
        found = [
            form for form in self.document.forms if (form.action or self.response.request.path) == action
        ]
        assert found, f"no form for {action}; there are {[form.action for form in self.document.forms]}"
        return found[0]

    def links(self, start: str) -> list[str]:
        return [link for link in self.document.xpath("//a/@href") if link.startswith(start)]


class Browser:
    """One person's browser."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def get(self, url: str) -> Page:
        return Page(self.client.get(url, follow_redirects=True))

    def post(self, url: str, data: Mapping[str, Any]) -> Page:
        """Sends exactly `data`."""
        return Page(self.client.post(url, data=dict(data), follow_redirects=True))

    def submit(self, page: Page, action: str, data: Mapping[str, Any] | None = None) -> Page:
        """Fills in a form of `page` and sends it; a value may be a list, or a `File`."""
        return self.post(action, {**filled(page.form(action)), **sendable(data or {})})

    def send(self, url: str, data: Mapping[str, Any] | None = None, action: str = "") -> Page:
        """Opens `url` and submits its form."""
        return self.submit(self.get(url), action or url, data)


def filled(form: html.FormElement) -> dict[str, Any]:
    """What the form would send as it stands."""
    values: dict[str, Any] = {}
    for name, value in form.form_values():
        values.setdefault(name, []).append(value)
    return {name: kept if len(kept) > 1 else kept[0] for name, kept in values.items()}


def sendable(data: Mapping[str, Any]) -> dict[str, Any]:
    """Files as the client wants them; answers of None are left out."""
    sent: dict[str, Any] = {}
    for name, value in data.items():
        if isinstance(value, tuple):
            sent[name] = (BytesIO(value[1]), value[0])
        elif value is not None:
            sent[name] = value
    return sent
