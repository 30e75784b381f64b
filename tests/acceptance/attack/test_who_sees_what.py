"""可见范围: every role at every page of every kind of case."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from sqlalchemy import select

from engine.actor import Actor
from engine.attachment import attach
from engine.store.tables import Attachment, Task
from supervision.case.table import Case
from supervision.document.table import Document
from tests.acceptance.attack import people as who
from tests.acceptance.attack.conftest import Town
from tests.acceptance.pages import walk


@dataclass(frozen=True)
class Kept:
    """A case, the addresses of its parts, and who may open it."""

    number: str
    instance_id: str
    opened_by: frozenset[str]
    listed_by: frozenset[str]


@pytest.fixture(scope="module")
def cases(town: Town) -> dict[str, Kept]:
    """An ordinary case, one handed to unit A, one against 督查室, one against 领导小组, and a closed one."""
    own = {*who.DCS, *who.LSG, *who.AUDIT}
    kept = {}
    town.file(evidence=("证据.txt", "证据内容".encode()))
    walk.assign(town)
    walk.handle(town)
    walk.close(town)
    walk.well(town.do("clerk1", "ut_callback", satisfaction="满意"))
    kept["closed"] = _kept(town, {*own, *who.UNIT_A, *who.DESKS})
    town.file(evidence=("证据.txt", "证据内容".encode()))
    walk.assign(town)
    walk.well(town.do("u07-contact", "ut_unit_accept", unit_reply="签收办理"))
    walk.well(town.do("u07-contact", "ut_unit_handle", **walk.HANDLE))
    kept["handed"] = _kept(town, {*own, *who.UNIT_A})
    town.file()
    kept["ordinary"] = _kept(town, own)
    town.file(target_unit="DCS")
    kept["against 督查室"] = _kept(town, {*who.QZB, *who.LSG, *who.AUDIT})
    town.file(target_unit="LSG")
    kept["against 领导小组"] = _kept(town, {*who.UP, *who.AUDIT})
    return kept


def _kept(town: Town, opened_by: set[str]) -> Kept:
    with town.session() as session:
        row = session.scalars(select(Case).order_by(Case.number.desc())).first()
        assert row is not None
        return Kept(row.number, row.instance_id, frozenset(opened_by), frozenset({*opened_by, *who.LISTS}))


KINDS = ("closed", "handed", "ordinary", "against 督查室", "against 领导小组")


@pytest.mark.parametrize("kind", KINDS)
def test_a_case_opens_for_its_handlers_and_does_not_exist_for_the_rest(
    town: Town, cases: dict[str, Kept], kind: str
) -> None:
    case = cases[kind]
    for login in who.EVERYBODY:
        for address in (f"/case/{case.instance_id}", f"/case/{case.instance_id}/diagram.bpmn"):
            code = town.as_(login).client.get(address).status_code
            expected = 200 if login in case.opened_by else 403 if login in who.LISTS else 404
            assert code == expected, (login, address)


@pytest.mark.parametrize("kind", KINDS)
def test_no_list_of_a_stranger_holds_the_number(town: Town, cases: dict[str, Kept], kind: str) -> None:
    case = cases[kind]
    for login in sorted(set(who.EVERYBODY) - case.listed_by):
        client = town.as_(login).client
        for address in ("/inbox", "/done", "/started", "/overdue", "/notices", "/incidents", "/box"):
            page = client.get(address).get_data(as_text=True)
            assert case.number not in page, (login, address)
            assert case.instance_id not in page, (login, address)
        searched = client.get(f"/inbox?q={case.number}").get_data(as_text=True)
        assert case.instance_id not in searched, login
        assert "没有找到" in searched, login


def _parts(town: Town, case: Kept) -> Iterator[tuple[str, str, bool]]:
    """(kind, address, whether a handling unit may open it)."""
    with town.session() as session:
        tasks = select(Task).where(Task.instance_id == case.instance_id).order_by(Task.created_at.desc())
        for task in session.scalars(tasks.limit(3)):
            yield "task", f"/task/{task.id}", True
        papers = select(Document).where(Document.instance_id == case.instance_id).order_by(Document.status)
        for document in session.scalars(papers.limit(2)):
            yield "document", f"/document/{document.id}", document.status == "issued"
        for file in session.scalars(select(Attachment).where(Attachment.instance_id == case.instance_id)):
            yield "sealed" if file.sealed else "file", f"/attachment/{file.id}", True


@pytest.mark.parametrize("kind", KINDS)
def test_tasks_documents_and_files_are_as_closed_as_their_case(
    town: Town, cases: dict[str, Kept], kind: str
) -> None:
    case = cases[kind]
    parts = list(_parts(town, case))
    assert parts
    for login in who.EVERYBODY:
        for part, address, units_too in parts:
            code = town.as_(login).client.get(address).status_code
            if part == "sealed":
                assert code == 404, (login, address)
            elif login not in case.listed_by:
                assert code == 404, (login, part, address)
            elif login in who.LISTS:
                assert code == 403, (login, part, address)
            elif login in who.UNIT_A and not units_too:
                assert code == 404, (login, part, address)
            else:
                assert code == 200, (login, part, address)


@pytest.mark.parametrize("kind", KINDS)
def test_the_identity_opens_for_the_body_that_handles_the_case_alone(
    town: Town, cases: dict[str, Kept], kind: str
) -> None:
    case = cases[kind]
    handlers = {"against 督查室": who.QZB, "against 领导小组": who.UP}.get(kind, who.DCS)
    for login in who.EVERYBODY:
        answer = town.post(login, f"/case/{case.instance_id}/identity", reason="电话核实诉求")
        if login in handlers:
            assert answer.status_code == 200, login
            assert "卞甲乙" in answer.get_data(as_text=True)
        else:
            assert answer.status_code in (403, 404), login
            assert "卞甲乙" not in answer.get_data(as_text=True)
            assert "13912345678" not in answer.get_data(as_text=True)


def test_a_sealed_file_opens_only_for_a_handler_with_a_reason(town: Town, cases: dict[str, Kept]) -> None:
    case = cases["handed"]
    with town.session() as session:
        file_id = session.scalars(
            select(Attachment.id).where(Attachment.instance_id == case.instance_id, Attachment.sealed)
        ).one()
    address = f"/case/{case.instance_id}/sealed/{file_id}"
    assert town.post("clerk1", address, reason="").status_code == 403
    opened = town.post("clerk1", address, reason="核对证据内容")
    assert opened.data.decode() == "证据内容"
    assert opened.headers["Content-Disposition"].startswith("attachment")
    other = cases["ordinary"].instance_id
    assert town.post("clerk1", f"/case/{other}/sealed/{file_id}", reason="核对证据内容").status_code == 404
    for login in (*who.UNIT_A, *who.UNIT_B, *who.LSG, *who.AUDIT, *who.LISTS):
        answer = town.post(login, address, reason="核对证据内容")
        assert answer.status_code in (403, 404), login
        assert "证据内容" not in answer.get_data(as_text=True)


def test_pages_of_an_office_are_closed_to_other_offices(town: Town) -> None:
    allowed = {
        "/incidents": {"admin"},
        "/box": set(who.DCS),
        "/new": {"clerk1", "office-clerk", "up1"},
        "/new/phone": {"clerk1", "office-clerk", "up1"},
    }
    for address, some in allowed.items():
        for login in who.EVERYBODY:
            code = town.as_(login).client.get(address).status_code
            assert code == (200 if login in some else 403), (login, address)


def test_every_staff_page_sends_a_stranger_to_the_log_in(town: Town, cases: dict[str, Kept]) -> None:
    stranger = town.browser().client
    parts = [address for _, address, _ in _parts(town, cases["handed"])]
    for address in ("/inbox", "/done", "/overdue", "/box", f"/case/{cases['handed'].instance_id}", *parts):
        answer = stranger.get(address)
        assert answer.status_code == 302, address
        assert answer.headers["Location"].startswith("/login?next=")


def test_a_unit_opens_the_files_of_its_own_tasks_and_nobody_those_of_a_draft(
    town: Town, cases: dict[str, Kept]
) -> None:
    case = cases["handed"]
    with town.session() as session:
        sign = session.scalars(
            select(Task).where(Task.instance_id == case.instance_id, Task.element_id == "ut_unit_sign")
        ).one()
        done = session.scalars(
            select(Task).where(Task.instance_id == case.instance_id, Task.element_id == "ut_triage")
        ).one()
        ids = [
            attach(
                session, b"inside", filename="内部.txt", media_type="text/plain", field="files",
                actor=Actor("clerk2", "x"), now=town.clock(), instance_id=case.instance_id, task_id=task.id,
            ).id
            for task in (sign, done)
        ]  # fmt: skip
        session.commit()
    draft, inside = (f"/attachment/{file_id}" for file_id in ids)
    assert [town.as_(login).client.get(inside).status_code for login in ("clerk1", "u07-contact")] == [
        200,
        404,
    ]
    assert [town.as_(login).client.get(draft).status_code for login in ("lead", "u07-contact")] == [404, 404]
    page = town.as_("u07-contact").get(f"/case/{case.instance_id}").text
    assert inside not in page
    assert draft not in page
    assert "/attachment/" in page
