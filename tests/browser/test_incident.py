"""An administrator mends what made a script fail, tries again, and the case goes on."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select

import engine.definition
import engine.task
from engine.errors import StepFailed
from engine.instance import start
from engine.store.tables import Task
from supervision.account.table import Account
from supervision.account.viewer import actor_of
from tests.browser.hands import fill, send
from tests.browser.people import PHONE, WIDE, People, Shoot
from tests.browser.server import Server

DIAGRAM = Path(__file__).parent / "diagrams" / "share.bpmn"
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


@pytest.fixture
def failed(server: Server) -> str:
    """Id of the incident: 900 yuan for nobody cannot be shared."""
    with server.system.session() as session:
        now, context = server.clock(), server.system.context
        files = {DIAGRAM.name: DIAGRAM.read_bytes()}
        engine.definition.publish(session, "share", files, by="owner", approved_by="second", now=now)
        clerk = actor_of(session, session.get_one(Account, "clerk1"), now)
        data = {"total": 900, "people": 0, "source": "区政府办公室", "months": ["一月", "二月"]}
        start(session, context, "share", data, actor=clerk, now=now)
        task = session.scalars(select(Task).where(Task.element_id == "ut_count")).one()
        try:
            engine.task.complete(session, context, task.id, {}, actor=clerk, now=now)
        except StepFailed as failure:
            session.commit()
            return failure.incident_id
        raise AssertionError("Expected the script to fail, but it did not")


def test_a_variable_is_mended_and_the_case_goes_on(
    people: People, server: Server, failed: str, shot: Shoot
) -> None:
    # given
    admin = people.staff("admin")
    admin.goto("/incidents")
    _look(admin, "incidents", shot)
    admin.get_by_role("link", name="折算人均").click()
    expect(admin.locator(".diagram .is-failed")).to_have_attribute("data-element-id", "sc_share")
    expect(admin.locator(".diagram .is-current")).to_have_attribute("data-element-id", "ut_count")
    _look(admin, "incident", shot)
    # when
    _do(admin, "variable", "修改", name="people", value="3", reason="登记表上是三人")
    expect(admin.locator(".flash")).to_contain_text("变量 people 已由 0 改为 3")
    _do(admin, "retry", "重试", reason="人数已改")
    # then
    expect(admin.locator(".flash")).to_contain_text("重试成功")
    expect(admin.locator("main")).to_contain_text("已重试")
    _look(admin, "incident-done", shot)
    with server.system.session() as session:
        assert session.scalars(select(Task.element_id).where(Task.status == "open")).all() == ["ut_sign"]


def test_what_is_not_confirmed_is_not_done(people: People, server: Server, failed: str, shot: Shoot) -> None:
    admin = people.staff("admin")
    admin.goto(f"/incidents/{failed}")
    form = _opened(admin, "cancel")
    fill(form, {"reason": "重复立案"})
    form.get_by_role("button", name="取消流程").click()
    expect(form.locator('[name="sure"]:invalid')).to_have_count(1)
    with server.system.session() as session:
        assert len(session.scalars(select(Task).where(Task.status == "open")).all()) == 1
    form.locator('[name="sure"]').check()
    send(admin, form, "取消流程")
    expect(admin.locator(".flash")).to_contain_text("流程已取消")


def _opened(page: Page, name: str) -> Locator:
    part = page.locator(f"details#{name}")
    part.locator("summary").click()
    return part.locator("form")


def _do(page: Page, part: str, button: str, /, **answers: str) -> None:
    form = _opened(page, part)
    fill(form, answers)
    send(page, form, button)


def _look(page: Page, name: str, shot: Shoot) -> None:
    """At both widths, in light and dark: nothing lies beside the window."""
    for part in page.locator("details.body").all():
        part.evaluate("e => { e.open = true }")
    for width, size in (("wide", WIDE), ("phone", PHONE)):
        page.set_viewport_size({"width": size["width"], "height": size["height"]})
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            shot(page, f"{name}-{width}-{scheme}")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (name, width)
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": WIDE["width"], "height": WIDE["height"]})
    for part in page.locator("details.body").all():
        part.evaluate("e => { e.open = false }")
