"""Every main page fits a phone and a desk, in light and in dark; pictures of them are kept on demand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from playwright.sync_api import Page, expect
from sqlalchemy import select

from engine.store.tables import Deadline, Task
from supervision.case.table import Case
from supervision.document.table import Document
from supervision.escalation.table import Card, FollowUp
from supervision.notice.task_opened import people_of
from tests.browser.backstage import backstage, filed
from tests.browser.citizen import COMPLAINT, ask, complain
from tests.browser.desk import open_task
from tests.browser.hands import fill, send
from tests.browser.people import PHONE, WIDE, People, Shoot
from tests.browser.server import Server
from tests.integration.supervision.yunxi import ELEMENTS

SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
SPILLS = """() => document.documentElement.scrollWidth > innerWidth
    ? [...document.querySelectorAll('main *, header *, nav *')]
        .filter((e) => e.getBoundingClientRect().right > innerWidth + 1)
        .slice(0, 3).map((e) => `${e.tagName} ${e.className}`)
    : []"""
"""What lies beside the window, when the page can be moved sideways."""


def test_the_pages_of_the_public_fit_their_windows(
    busy_people: People, busy_server: Server, shot: Shoot
) -> None:
    citizen = busy_people.stranger()
    spilling = [fault for name in _public(citizen) for fault in _look(citizen, name, shot)]
    assert spilling == []


def test_the_pages_of_the_staff_fit_their_windows(
    busy_people: People, busy_server: Server, shot: Shoot
) -> None:
    spilling = [
        fault
        for login, name, address in _staff(busy_server)
        for fault in _look(_opened(busy_people.staff(login), address), name, shot)
    ]
    assert spilling == []


def test_the_diagram_shows_what_is_done_and_where_the_case_is(people: People, server: Server) -> None:
    # given a case at its second step
    receipt = filed(server)
    with backstage(server) as yunxi:
        yunxi.do(receipt, "ut_complete", "clerk1", **{**ELEMENTS, "extract": "名单没有更新"})
    clerk = people.staff("clerk1")
    # when its task is opened
    open_task(clerk, "研判处理方式")
    # then the diagram marks both steps, and can be brought nearer
    diagram = clerk.locator(".diagram")
    diagram.scroll_into_view_if_needed()  # it is drawn when it comes into view
    expect(diagram.locator(".is-current")).to_have_attribute("data-element-id", "ut_triage")
    expect(diagram.locator("[data-element-id=ut_complete]")).to_have_class(re.compile("is-done"))
    before = diagram.locator("g.viewport").get_attribute("transform")
    diagram.get_by_role("button", name="放大").click()
    expect(diagram.locator("g.viewport")).not_to_have_attribute("transform", before or "")


def _public(page: Page) -> Iterator[str]:
    """Opens one page after the other; yields the name of each."""
    for name, address in [
        ("landing", "/"), ("complaint", "/complaint"), ("query", "/query"), ("login", "/login"),
        ("published-list", "/published"), ("not-found", "/no-such-page"),
    ]:  # fmt: skip
        page.goto(address)
        yield name
    page.goto("/published")
    page.locator("main .rows a").first.click()
    yield "published"
    page.goto("/complaint")
    fill(page.locator("form.form"), {**COMPLAINT, "facts": "", "phone": "1"})
    send(page, page.locator("form.form"), "提交投诉")
    yield "complaint-errors"
    receipt = complain(page)
    yield "receipt"
    ask(page, receipt, code="AAAAAAAAAA")
    yield "query-wrong"
    ask(page, receipt)
    yield "followed"


def _staff(server: Server) -> Iterator[tuple[str, str, str]]:
    """(login, name, address) of pages."""
    yield "clerk1", "inbox", "/inbox"
    yield "lead", "inbox-lead", "/inbox"
    yield "manager", "overdue", "/overdue"
    yield "u06-contact", "inbox-unit", "/inbox"
    for name in ("done", "started", "notices", "new", "new/phone", "box", "password", "overdue"):
        yield "clerk1", name.replace("/", "-"), f"/{name}"
    yield "lead", "cycles", "/cycles"
    yield "lead", "cycles-one", "/cycles/box_opening"
    yield "clerk1", "me", "/me"
    yield "admin", "incidents", "/incidents"
    yield "admin", "forbidden", "/new"
    yield from _work(server)


def _work(server: Server) -> list[tuple[str, str, str]]:
    """A closed case, a letter, a proof, every open task; read at once: no page waits for this session."""
    with server.system.session() as session:
        case = session.scalars(select(Case.instance_id).where(Case.status == "已办结").limit(1)).one()
        letter = session.scalars(select(Document.id).where(Document.status == "issued").limit(1)).one()
        counted = session.scalars(select(Deadline.id).where(Deadline.instance_id == case).limit(1)).one()
        tasks = session.scalars(select(Task).where(Task.status == "open").order_by(Task.element_id)).all()
        pages = {"case": f"/case/{case}", "document": f"/document/{letter}", "cards": "/cards"}
        for name, row in (("cards", Card), ("follow-up", FollowUp)):
            pages[f"{name}-one"] = f"/{name}/{session.scalars(select(row.id).limit(1)).one()}"
        pages["proof"] = f"/case/{case}/deadline/{counted}/proof"
        return [("lead", name, address) for name, address in pages.items()] + [
            (min(people_of(session, task, server.clock())), f"task-{task.element_id}", f"/task/{task.id}")
            for task in tasks
        ]


def _opened(page: Page, address: str) -> Page:
    page.goto(address)
    return page


def _look(page: Page, name: str, shot: Shoot) -> Iterator[tuple[str, object]]:
    """Looks at the page in all four ways; yields what spills."""
    for size in (WIDE, PHONE):
        page.set_viewport_size(size)
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            shot(page, f"{name}-{size['width']}-{scheme}")
            page.wait_for_load_state()
            if spills := page.evaluate(SPILLS):
                yield f"{name}-{size['width']}-{scheme}", spills
    page.set_viewport_size(WIDE)
