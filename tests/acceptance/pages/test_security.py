"""Every answer carries its headers, every post its token, every page its door."""

from __future__ import annotations

from io import BytesIO

import pytest
from werkzeug.routing import IntegerConverter, Rule

from forms.errors import FORGED
from forms.security import HEADERS, ISLAND_POLICY, POLICY
from tests.acceptance.pages.browser import Browser
from tests.acceptance.pages.conftest import Site, app_of

OPEN = {
    "public.landing", "public.login", "public.login_post", "public.complaint", "public.complaint_post",
    "public.query", "public.query_post", "public.query_leave", "public.followed", "public.followed_post",
    "public.feed", "public.letter", "public.published_list", "public.published_one", "static",
}  # fmt: skip
"""All that somebody without an account may ask for."""


def addresses(site: Site, method: str) -> list[tuple[Rule, str]]:
    """Every rule of the app that takes `method`, with an address that fits it."""
    rules = [rule for rule in site.app.url_map.iter_rules() if method in (rule.methods or ())]
    adapter = site.app.url_map.bind("localhost")
    return [
        (
            rule,
            adapter.build(
                rule.endpoint, {name: _fitting(rule, name) for name in rule.arguments}, method=method
            ),
        )
        for rule in rules
    ]


def _fitting(rule: Rule, name: str) -> str:
    """Something that may stand there, and that nothing has for its id."""
    return "2026" if isinstance(rule._converters[name], IntegerConverter) else "x"


def test_every_answer_carries_the_headers(site: Site) -> None:
    browser = site.browser()
    for rule, address in addresses(site, "GET"):
        answer = browser.client.get(address)
        for name, value in HEADERS.items():
            assert answer.headers[name] == value, address
        assert answer.headers["Content-Security-Policy"] in (POLICY, ISLAND_POLICY), address
        if rule.endpoint != "static":
            assert answer.headers["Cache-Control"] == "no-store", address


def test_over_https_every_answer_demands_https_for_a_year(site: Site) -> None:
    # given
    secure = app_of(site.system, site.clock, secure_cookies=True)
    browser = Browser(secure.test_client())
    # then
    for _, address in addresses(site, "GET"):
        answer = browser.client.get(address, base_url="https://localhost")
        assert answer.headers["Strict-Transport-Security"] == "max-age=31536000", address
        assert all("Secure" in cookie for cookie in answer.headers.getlist("Set-Cookie")), address
    for address in ("/complaint", "/nowhere", "/task/x"):
        answer = browser.client.post(address, base_url="https://localhost")
        assert answer.status_code in (400, 404)
        assert answer.headers["Strict-Transport-Security"], address
    plain = site.browser().client.get("/")
    assert "Strict-Transport-Security" not in plain.headers


def test_refused_posts_carry_the_headers_too(site: Site) -> None:
    for _, address in addresses(site, "POST"):
        answer = site.as_("clerk1").client.post(address, data={})
        for name, value in HEADERS.items():
            assert answer.headers[name] == value, address


def test_only_pages_with_a_diagram_may_set_styles_on_elements(site: Site) -> None:
    clerk = site.as_("clerk1")
    assert "unsafe" not in clerk.get("/inbox").response.headers["Content-Security-Policy"]
    assert "unsafe-eval" not in ISLAND_POLICY
    assert "script-src 'self'" in ISLAND_POLICY


def test_whoever_is_not_logged_in_sees_the_open_pages_and_no_others(site: Site) -> None:
    browser = site.browser()
    closed = [(rule, at) for rule, at in addresses(site, "GET") if rule.endpoint not in OPEN]
    assert len(closed) > 12
    for _, address in closed:
        answer = browser.client.get(address)
        assert answer.status_code == 302, address
        assert answer.headers["Location"].startswith("/login"), address


@pytest.mark.parametrize("token", [None, "", "forged"])
def test_every_post_without_its_token_is_refused(site: Site, token: str | None) -> None:
    browsers = (site.browser(), site.as_("clerk1"))
    for rule, address in addresses(site, "POST"):
        for browser in browsers:
            answer = browser.client.post(address, data={} if token is None else {"csrf_token": token})
            assert answer.status_code == 400, rule
            assert FORGED.title in answer.get_data(as_text=True)


def test_the_cookie_is_for_this_site_and_no_script(site: Site) -> None:
    cookie = site.browser().client.get("/login").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_the_log_in_leads_back_here_and_nowhere_else(site: Site) -> None:
    for elsewhere in ("https://example.com/", "//example.com", "/\\example.com", "javascript:alert(1)"):
        page = site.browser().get(f"/login?next={elsewhere}")
        assert page.form("/login").fields["next"] == "/inbox"
    assert site.browser().get("/login?next=/case/1").form("/login").fields["next"] == "/case/1"


def test_a_demo_account_is_one_click_away(site: Site) -> None:
    page = site.browser().get("/login")
    button = page.document.xpath("//button[contains(., '陈明远')]")[0]
    form = dict(button.getparent().form_values())
    assert form["login"] == "clerk1"
    inside = site.browser()
    entered = inside.submit(
        inside.get("/login"), "/login", {"login": form["login"], "password": form["password"]}
    )
    assert "我的待办" in entered.words
    assert "陈明远" in entered.words


def test_a_wrong_password_and_an_unknown_name_get_the_same_sentence(site: Site) -> None:
    browser = site.browser()
    said = {
        str(
            browser.send("/login", {"login": name, "password": "wrong"}).document.xpath(
                "//*[@role='alert']/text()"
            )
        )
        for name in ("clerk1", "nobody")
    }
    assert len(said) == 1


def test_errors_are_sentences_without_a_trace(site: Site) -> None:
    browser = site.browser()
    for answer, code in (
        (browser.client.get("/nowhere"), 404),
        (browser.client.put("/query"), 405),
        (site.as_("clerk1").client.get("/task/none"), 404),
        (site.as_("clerk1").client.get("/incidents"), 403),
    ):
        text = answer.get_data(as_text=True)
        assert answer.status_code == code
        assert "Traceback" not in text
        assert "Expected" not in text
        assert any(word in text for word in ("回到首页", "回到待办"))


def test_what_nobody_foresaw_is_a_sentence_and_the_log_tells_no_names(
    site: Site, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    name = "卞甲乙"

    def broken(*args: object, **kwargs: object) -> None:
        raise RuntimeError(name)

    monkeypatch.setattr("forms.pages.open.landing.channels", broken)
    page = site.browser().get("/")
    assert page.code == 500
    assert "系统出错了" in page.words
    assert "RuntimeError" in caplog.text
    assert name not in caplog.text + page.text


def test_too_much_at_once_is_refused_with_the_limit(site: Site) -> None:
    client = site.browser().client
    words = client.post("/complaint", data={"facts": "x" * 3_000_000})
    site.app.config["MAX_CONTENT_LENGTH"] = 1000
    file = client.post("/complaint", data={"evidence": (BytesIO(b"x" * 2000), "a.txt")})
    for answer in (words, file):
        assert answer.status_code == 413
        assert "连同附件不能超过 60 MB" in answer.get_data(as_text=True)
