"""The pages as `ducha serve` makes them, from the process files and the settings."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime
from pathlib import Path

import pytest

from command.clock import MovableClock
from command.prepare import Prepared, prepare
from command.settings import read_settings
from command.web import make_app

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)
PROCESSES = Path(__file__).parents[2] / "processes"


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    settings = read_settings({"DUCHA_DATA": str(tmp_path_factory.mktemp("data"))})
    return prepare(settings, MovableClock(NOW))


def test_the_complaint_form_says_how_personal_data_are_handled(ready: Prepared) -> None:
    """个人信息保护法第十七条: the notice comes before the fields."""
    page = make_app(ready.system).test_client().get("/complaint").get_data(as_text=True)
    for sentence in (PROCESSES / "notices" / "privacy.txt").read_text().splitlines():
        assert sentence in page


def test_only_a_served_site_insists_on_https(ready: Prepared) -> None:
    local = make_app(ready.system).test_client().get("/")
    assert "Strict-Transport-Security" not in local.headers
    data = {"DUCHA_DATA": str(ready.system.settings.data)}
    outside = dataclasses.replace(ready.system, settings=read_settings({**data, "DUCHA_HOST": "0.0.0.0"}))
    answer = make_app(outside).test_client().get("/", base_url="https://ducha.example")
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=")


def test_the_log_in_page_of_the_demo_offers_its_people(ready: Prepared) -> None:
    page = make_app(ready.system).test_client().get("/login").get_data(as_text=True)
    assert "演示账号" in page
    assert "陈明远" in page
