"""CSRF: no post is taken without the token of this very browser session; no GET writes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import event, select
from werkzeug.routing import Rule

from engine.store.tables import Task
from tests.acceptance.attack.conftest import Town
from tests.acceptance.pages import walk

HERE = {"way": "phone", "act": "add"}


def posts(app: Flask) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())]


def address(rule: Rule, **known: str) -> str:
    """The rule's address with something in every place."""
    values = {name: known.get(name, HERE.get(name, "0" * 32)) for name in rule.arguments}
    path: str = rule.build(values, append_unknown=False)[1]  # type: ignore[index]
    return path


@pytest.fixture(scope="module")
def other(town: Town) -> str:
    """A token that is good in somebody else's browser."""
    return str(town.fresh("lead").get("/password").form("/password").fields["csrf_token"])


@pytest.fixture
def written(town: Town) -> Iterator[list[str]]:
    """Every statement that changes something once everybody is logged in."""
    for login in ("clerk1", "manager", "admin"):
        town.as_(login)
    found: list[str] = []

    def note(_c: object, _cur: object, statement: str, *_rest: object) -> None:
        if statement.lstrip().split(" ")[0].upper() in ("INSERT", "UPDATE", "DELETE"):
            found.append(statement)

    engine = town.system.sessions.kw["bind"]
    event.listen(engine, "before_cursor_execute", note)
    yield found
    event.remove(engine, "before_cursor_execute", note)


@pytest.fixture(scope="module")
def case(town: Town) -> dict[str, str]:
    town.file()
    with town.session() as session:
        task = session.scalars(select(Task)).one()
        return {"task_id": task.id, "instance_id": task.instance_id}


def test_a_post_without_the_right_token_is_refused_and_writes_nothing(
    town: Town, case: dict[str, str], other: str, written: list[str]
) -> None:
    rules = posts(town.app)
    assert len(rules) > 15
    for login in ("clerk1", ""):
        client = town.as_(login).client if login else town.browser().client
        for rule in rules:
            for token in ({}, {"csrf_token": "wrong"}, {"csrf_token": other}):
                answer = client.post(address(rule, **case), data={"name": "x", **token})
                assert answer.status_code == 400, (rule.rule, token)
                assert "页面停留太久，请重新提交" in answer.get_data(as_text=True), rule.rule
    assert written == []


def test_a_page_that_is_read_writes_nothing(town: Town, case: dict[str, str], written: list[str]) -> None:
    for login in ("clerk1", "manager", "admin"):
        for rule in town.app.url_map.iter_rules():
            if "GET" in (rule.methods or ()) and rule.endpoint != "static":
                assert town.as_(login).client.get(address(rule, **case)).status_code < 500, rule.rule
    assert written == []


def test_an_address_that_takes_posts_does_nothing_when_it_is_only_opened(
    town: Town, case: dict[str, str], written: list[str]
) -> None:
    for rule in posts(town.app):
        for method in ("get", "put", "delete", "patch", "options", "head"):
            answer = getattr(town.as_("clerk1").client, method)(address(rule, **case))
            assert answer.status_code in (200, 302, 400, 403, 404, 405), (method, rule.rule)
    assert written == []


def test_a_method_that_a_page_does_not_know_is_answered_in_chinese(town: Town) -> None:
    answer = town.as_("clerk1").client.get("/logout")
    assert answer.status_code == 405
    assert "这个网址不能这样打开" in answer.get_data(as_text=True)
    assert "退出登录" in town.as_("clerk1").get("/inbox").text


def test_no_staff_form_is_sent_without_a_token(town: Town, case: dict[str, str]) -> None:
    for page in ("/inbox", "/password", f"/task/{case['task_id']}", f"/case/{case['instance_id']}", "/box"):
        for form in town.as_("clerk1").get(page).document.forms:
            if form.method == "POST":
                assert form.fields["csrf_token"], (page, form.action)


def test_templates_send_every_post_with_a_token() -> None:
    for template in (Path(walk.__file__).parents[3] / "forms" / "templates").rglob("*.html"):
        text = template.read_text()
        for part in text.split('method="post"')[1:]:
            assert "csrf_token" in part or "hidden(" in part, template.name
