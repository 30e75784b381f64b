"""One seeded district per module: attackers share it, and whatever they try must leave it as it was."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from command.clock import MovableClock
from command.compose import compose, key_file
from engine.instance import Context
from engine.store.tables import Task
from forms.app import create_app
from forms.settings import PageSettings
from forms.signed_in import TOKEN
from supervision.account.session import open_session
from supervision.account.table import Account
from supervision.identity.key import load_keys
from tests.acceptance.pages.browser import Browser, sendable
from tests.acceptance.pages.conftest import COMPLAINT, MORNING, Site, context, prepared, settings_in
from tests.acceptance.tidy import TidyClient

__all__ = ["context", "prepared"]


class Town(Site):
    """A site whose people are logged in without the form: each password costs a slow hash."""

    known: dict[str, Browser]

    def as_(self, login: str) -> Browser:
        if login not in self.known:
            self.known[login] = self.fresh(login)
        return self.known[login]

    def fresh(self, login: str) -> Browser:
        """A second browser of the same person."""
        browser = self.browser()
        with self.system.session() as session:
            token = open_session(session, session.get_one(Account, login), self.clock())
            session.commit()
        with browser.client.session_transaction() as cookie:
            cookie[TOKEN] = token
        return browser

    def complaint(self) -> dict[str, object]:
        """What the public form is filled in with."""
        return dict(COMPLAINT)

    def open_tasks(self) -> list[str]:
        """Ids of the open tasks, the newest last."""
        with self.session() as session:
            query = select(Task.id).where(Task.status == "open").order_by(Task.created_at, Task.instance_id)
            return list(session.scalars(query))

    def post(self, login: str, address: str, **data: object) -> TestResponse:
        """Sends what no form offers, with a token that is right. A login of '' is the public."""
        browser = self.as_(login) if login else self.browser()
        page = browser.get("/password") if login else browser.get("/login")
        token = page.document.xpath("//input[@name='csrf_token']/@value")[0]
        return browser.client.post(address, data={**sendable(data), "csrf_token": token})

    def file(self, **changes: object) -> tuple[str, str]:
        """A complaint through the public form, a second after the last; gives number and query code."""
        self.clock.move(self.clock() + timedelta(seconds=1))
        receipt = self.browser().send("/complaint", {**COMPLAINT, **changes})
        assert receipt.code == 200, receipt.words
        number, code = receipt.document.xpath("//*[contains(@class, 'code')]/text()")
        return str(number).strip(), str(code).strip()


@pytest.fixture(scope="module")
def town(prepared: Path, context: Context, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    folder = tmp_path_factory.mktemp("town") / "var"
    shutil.copytree(prepared, folder)
    clock = MovableClock(MORNING)
    settings = settings_in(folder)
    system = replace(compose(settings, load_keys(key_file(settings)), clock), context=context)
    pages = PageSettings(secret_key=b"k" * 32, secure_cookies=False, privacy_notice="告知")
    app = create_app(pages, clock=clock, sessions=system.sessions, context=system.context, keys=system.keys)
    app.test_client_class = TidyClient
    town = Town(app, system, clock)
    town.known = {}
    yield town
    system.database.dispose()
