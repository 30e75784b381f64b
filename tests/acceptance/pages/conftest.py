"""The real pages on the seeded demo district with the real processes, and a clock that tests move."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from command.clock import MovableClock
from command.compose import System, compose, key_file
from command.prepare import prepare
from command.settings import Settings
from engine.instance import Context
from engine.store.tables import Task
from forms.app import create_app
from forms.settings import PageSettings
from forms.signed_in import TOKEN
from supervision.account.session import open_session
from supervision.account.table import Account
from supervision.identity.key import load_keys
from supervision.setup import make_context
from tests.acceptance.pages.browser import Browser, Page
from tests.acceptance.tidy import TidyClient
from tests.made_once import made_once

PROCESSES = Path(__file__).parents[3] / "processes"
MORNING = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # a Monday, 09:00 in Shanghai


def settings_in(folder: Path) -> Settings:
    return Settings(folder, f"sqlite:///{folder / 'ducha.db'}", PROCESSES, "127.0.0.1", 8000)


@dataclass
class Site:
    """The pages, and what a test wants to know behind them."""

    app: Flask
    system: System
    clock: MovableClock
    inside: dict[str, Browser] = field(default_factory=dict)
    """Browsers of those who logged in already."""

    def browser(self) -> Browser:
        """Somebody who is not logged in."""
        return Browser(self.app.test_client())

    def as_(self, login: str) -> Browser:
        """Somebody who logged in, in the same browser each time; without the slow hash of the password."""
        if login not in self.inside:
            browser = self.inside[login] = self.browser()
            with self.system.session() as session:
                token = open_session(session, session.get_one(Account, login), self.clock())
                session.commit()
            with browser.client.session_transaction() as cookie:
                cookie[TOKEN] = token
        return self.inside[login]

    def session(self) -> Session:
        """Sees every row."""
        return self.system.session()

    def open_task(self, element_id: str) -> str:
        """Id of the one open task of that step."""
        with self.session() as session:
            return session.scalars(
                select(Task.id).where(Task.element_id == element_id, Task.status == "open")
            ).one()

    def do(self, login: str, element_id: str, **data: object) -> Page:
        """Completes the open task of a step through its page, as `login`."""
        task_id = self.open_task(element_id)
        return self.as_(login).send(f"/task/{task_id}", data)


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the demo district and the published processes."""
    return made_once(tmp_path_factory, "district-of-the-pages", _prepare)


def _prepare(folder: Path) -> None:
    prepare(settings_in(folder), MovableClock(MORNING)).system.database.dispose()


@pytest.fixture(scope="session")
def context(prepared: Path) -> Context:
    """Shared, so that the diagrams are compiled once: the copies of the folder hold the same versions."""
    return make_context(PROCESSES, load_keys(key_file(settings_in(prepared))))


@pytest.fixture
def settings(prepared: Path, tmp_path: Path) -> Settings:
    """A copy of the prepared folder."""
    folder = tmp_path / "var"
    shutil.copytree(prepared, folder)
    return settings_in(folder)


@pytest.fixture
def site(settings: Settings, context: Context) -> Iterator[Site]:
    clock = MovableClock(MORNING)
    system = replace(compose(settings, load_keys(key_file(settings)), clock), context=context)
    yield Site(app_of(system, clock), system, clock)
    system.database.dispose()


def app_of(system: System, clock: MovableClock, **given: object) -> Flask:
    """The pages of a system, with settings that differ from those of most tests."""
    settings = {"secret_key": b"k" * 32, "secure_cookies": False, "privacy_notice": "告知", **given}
    pages = PageSettings(**settings)  # type: ignore[arg-type]
    app = create_app(pages, clock=clock, sessions=system.sessions, context=system.context, keys=system.keys)
    app.test_client_class = TidyClient
    return app


COMPLAINT = {
    "identity_mode": "实名",
    "name": "卞甲乙",
    "phone": "13912345678",
    "address": "云溪区某路 9 弄",
    "email": "bian@example.com",
    "reply_mode": "短信",
    "target_unit": "U06",
    "target_person": "窗口人员",
    "matter_type": "投诉",
    "topics": ["公开不及时"],
    "happened_on": "2026-02-20",
    "facts": "维修资金使用情况公示牌一年没有更新，三次询问无人答复。",
    "request": "请按期更新并说明原因。",
    "other_channel": "未向其他渠道反映",
    "other_ref": "",
    "privacy_ack": "on",
}


@pytest.fixture
def complaint() -> dict[str, object]:
    """A named complaint against 区住房和城乡建设局."""
    return dict(COMPLAINT)


@pytest.fixture
def filed(site: Site, complaint: dict[str, object]) -> Callable[..., tuple[str, str]]:
    """Files a complaint through the public form; gives number and query code."""

    def file(**changes: object) -> tuple[str, str]:
        receipt = site.browser().send("/complaint", {**complaint, **changes})
        assert receipt.code == 200, receipt.words
        number, code = receipt.document.xpath("//*[contains(@class, 'code')]/text()")
        return str(number).strip(), str(code).strip()

    return file
