"""The pages on PostgreSQL: what staff and citizens do most, by the same tests."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bench.postgres import Postgres
from command.clock import MovableClock
from command.compose import key_file
from command.prepare import prepare
from command.settings import Settings
from engine.instance import Context
from supervision.identity.key import load_keys
from supervision.seed.demo import PASSWORD
from supervision.setting import get_setting
from supervision.setup import make_context
from tests.acceptance.pages.conftest import MORNING, PROCESSES, Site, settings_in
from tests.acceptance.pages.test_second_process import (  # noqa: F401
    other,
    test_rules_that_another_process_published_count_from_now_on,
    test_the_next_case_runs_the_version_that_another_process_published,
)
from tests.acceptance.pages.test_staff import (  # noqa: F401  (run here again)
    test_a_case_goes_through_everybodys_pages_to_the_public_list,
    test_overdue_cases_stand_red_in_the_inbox_and_on_the_managers_list,
    test_the_inbox_shows_what_is_due_first_and_finds_by_number,
)

_numbers = itertools.count(1)


def _template(folder: Path) -> str:
    """The tests of the API prepare a database in the same server too."""
    return f"pages_of_{folder.name}"


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory, postgres: Postgres) -> Path:
    """The keys in a folder, everything else in a database to be copied."""
    folder = tmp_path_factory.mktemp("district")
    settings = replace(settings_in(folder), database_url=postgres.create(_template(folder)))
    prepare(settings, MovableClock(MORNING)).system.database.dispose()
    return folder


@pytest.fixture(scope="session")
def context(prepared: Path) -> Context:
    """Knows the keys of this folder."""
    return make_context(PROCESSES, load_keys(key_file(settings_in(prepared))))


@pytest.fixture
def settings(prepared: Path, postgres: Postgres) -> Iterator[Settings]:
    """A copy of the prepared database."""
    name = f"pages_{next(_numbers)}"
    yield replace(settings_in(prepared), database_url=postgres.create(name, _template(prepared)))
    postgres.drop(name)


def test_somebody_logs_in_with_a_password_and_finds_the_inbox(site: Site) -> None:
    browser = site.browser()
    with site.session() as session:
        password = str(get_setting(session, PASSWORD))
    assert browser.send("/login", {"login": "clerk1", "password": "falsch"}).code == 401
    assert browser.send("/login", {"login": "clerk1", "password": password}).code == 200
    assert "待办" in browser.get("/inbox").words


@pytest.mark.parametrize("login", ["", "lead"])
def test_no_address_or_form_breaks_on_a_character_postgresql_cannot_keep(site: Site, login: str) -> None:
    browser = site.as_(login) if login else site.browser()
    for address in ("/cards/%00", "/case/%00", "/deadline/%00/clock", "/published/%00", "/query/letter/%00"):
        assert browser.client.get(address, follow_redirects=True).status_code in (200, 404), address
    for address in ("/cards?unit=%00&state=%00", "/inbox?q=%00", "/published?q=%00"):
        assert browser.client.get(address, follow_redirects=True).status_code == 200, address
    sent = {"number": "TS-2026-0001\0", "code": "\0", "tail": "8888"}
    assert browser.send("/query", sent).code == 422
    page = browser.get("/password" if login else "/login")
    (token, *_) = page.document.xpath("//input[@name='csrf_token']/@value")
    for address in ("/login", "/deadline/x/urge", "/cards/x/withdraw", "/cycles/self_check/start"):
        data = {"csrf_token": token, "login": "\0", "password": "\0", "_key": "\0a", "reason": "\0"}
        assert browser.post(address, data).code < 500, address
