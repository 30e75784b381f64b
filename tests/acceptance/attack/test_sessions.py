"""Log-ins: the cookie, fixation, revoking, lock-out, and where one goes afterwards."""

from __future__ import annotations

from datetime import timedelta

import pytest

from forms.app import create_app
from forms.settings import PageSettings
from tests.acceptance.attack.conftest import Town
from tests.acceptance.attack.people import PASSWORD

WRONG = "登录名或密码不正确"


def test_the_cookie_is_for_this_site_and_not_for_scripts(town: Town) -> None:
    settings = PageSettings(secret_key=b"k" * 32)
    system = town.system
    app = create_app(
        settings, clock=town.clock, sessions=system.sessions, context=system.context, keys=system.keys
    )
    cookie = app.test_client().get("/login", base_url="https://localhost").headers["Set-Cookie"]
    for flag in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
        assert flag in cookie
    assert "Domain" not in cookie


def test_a_session_planted_before_the_log_in_is_worth_nothing_after_it(town: Town) -> None:
    browser = town.browser()
    browser.get("/login")
    with browser.client.session_transaction() as cookie:
        cookie["planted"] = "by an attacker"
        before = cookie["csrf_token"]
    browser.send("/login", {"login": "clerk2", "password": PASSWORD})
    with browser.client.session_transaction() as cookie:
        assert "planted" not in cookie
        assert cookie.get("csrf_token") != before


def test_the_cookie_of_a_log_in_is_dead_after_the_log_out(town: Town) -> None:
    browser, thief = town.fresh("clerk2"), town.browser()
    browser.get("/inbox")
    with browser.client.session_transaction() as cookie, thief.client.session_transaction() as stolen:
        stolen.update(cookie)
    assert "退出登录" in thief.get("/inbox").text
    browser.submit(browser.get("/inbox"), "/logout")
    assert thief.client.get("/inbox").status_code == 302
    assert browser.client.get("/inbox").status_code == 302


def test_a_forged_cookie_is_nobody(town: Town) -> None:
    browser = town.browser()
    for value in ("", "x", ".", "eyJfdXNlcl9pZCI6ImNsZXJrMSJ9.aaaa.bbbb", "\x7f", "é"):
        browser.client.set_cookie("ducha", value)
        assert browser.client.get("/inbox").status_code == 302


def test_a_token_that_names_a_login_is_nobody(town: Town) -> None:
    for token in ("clerk1", "admin", "", None):
        browser = town.browser()
        with browser.client.session_transaction() as cookie:
            cookie["_user_id"] = token
        assert browser.client.get("/inbox").status_code == 302, token


def test_a_changed_password_ends_every_other_log_in(town: Town) -> None:
    here, there = town.fresh("clerk3"), town.fresh("clerk3")
    new = "another-word-2026"
    done = here.send("/password", {"old": PASSWORD, "new": new, "again": new})
    assert "密码已修改" in done.words
    assert "退出登录" in here.get("/inbox").text
    assert there.client.get("/inbox").status_code == 302


def test_a_log_in_ends_after_an_hour_without_a_click_and_after_twelve_with(town: Town) -> None:
    idle, busy, began = town.fresh("clerk2"), town.fresh("clerk2"), town.clock()
    for minutes in range(50, 12 * 60, 50):
        town.clock.move(began + timedelta(minutes=minutes))
        assert busy.client.get("/inbox").status_code == 200
    assert idle.client.get("/inbox").status_code == 302
    town.clock.move(began + timedelta(hours=12))
    assert busy.client.get("/inbox").status_code == 302


def test_a_stranger_learns_nothing_about_who_has_an_account(town: Town) -> None:
    said = set()
    for login in ("u08-head", "nobody-here"):
        for _ in range(5):
            page = town.browser().send("/login", {"login": login, "password": "wrong"})
            assert page.code == 401
            said.add(" ".join(page.document.xpath("//*[@role='alert']//text()")).strip())
    locked = town.browser().send("/login", {"login": "u08-head", "password": PASSWORD})
    said.add(" ".join(locked.document.xpath("//*[@role='alert']//text()")).strip())
    assert locked.code == 401
    assert len(said) == 1
    assert WRONG in said.pop()


def test_the_lock_ends_by_itself(town: Town) -> None:
    began = town.clock()
    for _ in range(5):
        town.browser().send("/login", {"login": "u08-deputy", "password": "wrong"})
    right = {"login": "u08-deputy", "password": PASSWORD}
    assert town.browser().send("/login", right).code == 401
    town.clock.move(began + timedelta(minutes=16))
    assert "退出登录" in town.browser().send("/login", right).text


@pytest.mark.parametrize(
    "elsewhere",
    [
        "//evil.example", "https://evil.example", "/\\evil.example", "\\\\evil.example", "/\t/evil.example",
        "/\t\\evil.example", "/\n/evil.example", "javascript:alert(1)", "///evil.example",
        "/%09/evil.example", " //evil.example", "/\x0b/evil.example", "http:evil.example",
        "/login?next=//evil.example", "",
        "/inbox\r\nSet-Cookie: a=b", "//[", "/.//evil.example", "/..//evil.example",
    ],
)  # fmt: skip
def test_nobody_is_sent_to_another_site_after_the_log_in(town: Town, elsewhere: str) -> None:
    inside = town.fresh("clerk2").client.get("/login", query_string={"next": elsewhere})
    assert inside.status_code == 302
    target = inside.headers["Location"]
    assert target.startswith("/")
    assert not target.startswith(("//", "/\\"))
    assert not set(target) & set("\t\r\n\\")
    assert "Set-Cookie" not in target
    form = town.browser().client.get("/login", query_string={"next": elsewhere})
    assert form.status_code == 200
