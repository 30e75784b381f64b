"""限频: one network files and asks only so often in an hour, and nobody keeps its address."""

from __future__ import annotations

import logging
from datetime import date, timedelta

import pytest
from flask import Flask

from command.settings import read_settings
from forms.flood import DailyKey, pseudonym
from tests.acceptance.pages.browser import Browser
from tests.acceptance.pages.conftest import Site, app_of

NEIGHBOUR = "198.51.100.7"
HERE = "203.0.113.9"


def browser(app: Flask, address: str = HERE, forwarded: str = "") -> Browser:
    client = app.test_client()
    client.environ_base["REMOTE_ADDR"] = address
    if forwarded:
        client.environ_base["HTTP_X_FORWARDED_FOR"] = forwarded
    return Browser(client)


@pytest.fixture
def app(site: Site) -> Flask:
    return app_of(site.system, site.clock, complaints_an_hour=2, queries_an_hour=3)


def test_the_third_complaint_of_an_hour_is_put_off_with_a_sentence(
    app: Flask, complaint: dict[str, object]
) -> None:
    # given
    assert [browser(app).send("/complaint", complaint).code for _ in range(2)] == [200, 200]
    # when
    page = browser(app).send("/complaint", complaint)
    # then
    assert page.code == 429
    assert "提交太频繁" in page.words
    assert "按浏览器的“后退”可以回到刚才填写的内容" in page.words
    assert browser(app).get("/complaint").code == 200  # looking is free


def test_another_network_is_not_concerned(app: Flask, complaint: dict[str, object]) -> None:
    for _ in range(2):
        browser(app).send("/complaint", complaint)
    assert browser(app, NEIGHBOUR).send("/complaint", complaint).code == 200


def test_queries_and_what_is_done_there_count_together(app: Flask) -> None:
    asked = [browser(app).send("/query", {"number": "TS-2026-0001", "code": "x"}).code for _ in range(3)]
    assert asked == [422, 422, 422]
    assert browser(app).send("/query", {"number": "TS-2026-0001", "code": "x"}).code == 429
    assert browser(app).post("/query/rate", {}).code == 400  # a forged post is refused before it counts


def test_nobody_can_choose_an_address_by_a_header(app: Flask, complaint: dict[str, object]) -> None:
    for last in range(2):
        browser(app, forwarded=f"192.0.2.{last}").send("/complaint", complaint)
    assert browser(app, forwarded="192.0.2.77").send("/complaint", complaint).code == 429


def test_behind_a_proxy_its_word_counts_and_not_the_visitors(
    site: Site, complaint: dict[str, object]
) -> None:
    # given one proxy, which writes the visitor's address behind what the visitor claims
    app = app_of(site.system, site.clock, complaints_an_hour=1, trusted_hops=1)
    assert browser(app, "10.0.0.1", f"1.1.1.1, {HERE}").send("/complaint", complaint).code == 200
    # when
    again = browser(app, "10.0.0.1", f"2.2.2.2, {HERE}").send("/complaint", complaint)
    # then
    assert again.code == 429
    assert browser(app, "10.0.0.1", f"1.1.1.1, {NEIGHBOUR}").send("/complaint", complaint).code == 200


def test_without_a_number_nothing_is_counted(site: Site) -> None:
    asked = {browser(site.app).send("/query", {"number": "TS-2026-0001", "code": "x"}).code for _ in range(9)}
    assert asked == {422}


def test_no_address_is_kept_in_memory_or_written_down(
    app: Flask, complaint: dict[str, object], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for _ in range(3):
        browser(app).send("/complaint", complaint)
    (limiter,) = app.extensions["limiter"]
    counted = list(limiter.storage.storage)
    assert len(counted) == 1
    assert HERE not in str(counted) + caplog.text


def test_the_key_changes_every_day_and_is_different_in_every_process() -> None:
    keys, day = DailyKey(), date(2026, 3, 2)
    today = pseudonym(HERE, keys.of(day))
    assert pseudonym(HERE, keys.of(day)) == today
    assert pseudonym(HERE, keys.of(day + timedelta(days=1))) != today
    assert pseudonym(HERE, DailyKey().of(day)) != today


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),  # one household
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("203.0.113.9", "::ffff:203.0.113.9", True),
        ("203.0.113.9", "203.0.113.10", False),
        ("", "nonsense", True),
    ],
)
def test_a_network_is_what_one_household_or_office_has(one: str, other: str, same: bool) -> None:
    key = DailyKey().of(date(2026, 3, 2))
    assert (pseudonym(one, key) == pseudonym(other, key)) is same


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({}, (30, 240, 0, False)),
        ({"DUCHA_HOST": "0.0.0.0"}, (30, 240, 0, True)),
        ({"DUCHA_HTTPS": "1", "DUCHA_TRUSTED_HOPS": "1"}, (30, 240, 1, True)),
        ({"DUCHA_COMPLAINTS_AN_HOUR": "0", "DUCHA_QUERIES_AN_HOUR": "9"}, (0, 9, 0, False)),
    ],
)
def test_the_settings_come_from_the_environment(
    given: dict[str, str], found: tuple[int, int, int, bool]
) -> None:
    read = read_settings(given)
    assert (read.complaints_an_hour, read.queries_an_hour, read.trusted_hops, read.https) == found


@pytest.mark.parametrize("name", ["DUCHA_HTTPS", "DUCHA_TRUSTED_HOPS", "DUCHA_QUERIES_AN_HOUR", "DUCHA_PORT"])
def test_a_setting_that_is_no_number_is_refused_by_name(name: str) -> None:
    with pytest.raises(ValueError, match=f"{name} 应为 .*，但是“很多”"):
        read_settings({name: "很多"})
