"""The canary: what says who complained is found nowhere but in the vault and in the hands of its openers."""

from __future__ import annotations

import logging
import sqlite3
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
import zstandard
from sqlalchemy import select

from engine.store.tables import Deadline, Task
from supervision.document.table import Document
from supervision.escalation.table import Card, FollowUp
from supervision.notice.channels._smtp import read_gateway
from supervision.notice.channels.channel import Line, Message
from supervision.notice.channels.mail import Mail
from supervision.notice.digest import write_digests
from supervision.notice.table import Notice
from tests.acceptance.api.client import ROOT, program
from tests.acceptance.attack.conftest import Town
from tests.acceptance.pages import walk
from tests.acceptance.pages.browser import filled
from tests.acceptance.pages.test_escalation import LATE, let_pass

CANARY = {
    "name": "雒金丝雀",
    "phone": "13577778888",
    "address": "金丝雀巷 777 号",
    "email": "jinsique@canary.example",
    "target_person": "阎被告知",
    "facts": "金丝雀原文：维修资金使用情况公示牌一年没有更新，三次询问无人答复。",
    "request": "金丝雀诉求：请按期更新并说明原因。",
    "other_channel": "信访",
    "other_ref": "XF-777-JSQ",
    "evidence": ("雒金丝雀的身份证.txt", "金丝雀证据内容".encode()),
}
AFTERWARDS = {"text": "金丝雀补充 13577778888", "reason": "金丝雀撤回理由", "opinion": "金丝雀评价意见"}
READERS = (
    "clerk1", "lead", "u07-contact", "u06-contact", "auditor", "manager", "group-head", "publisher", "admin",
    "public",
)  # fmt: skip
LATEST = select(Deadline).where(Deadline.level == "L4")
"""The period that ran late."""
SIGNS = (
    "金丝雀", "13577778888", "jinsique@canary", "阎被告知", "XF-777-JSQ", "777 号",
)  # fmt: skip
PLAIN = [sign.encode(coding) for sign in SIGNS for coding in ("utf-8", "utf-16-le", "gb18030")] + [
    sign.encode("unicode_escape") for sign in SIGNS
]


@pytest.fixture(scope="module")
def logged() -> Iterator[list[str]]:
    """Every line any logger writes, down to DEBUG of our own rooms."""
    lines: list[str] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(self.format(record))

    keep, root = Keep(), logging.getLogger()
    before = root.level
    root.addHandler(keep)
    root.setLevel(logging.INFO)
    yield lines
    root.removeHandler(keep)
    root.setLevel(before)


@pytest.fixture(scope="module")
def seen(town: Town, logged: list[str]) -> dict[str, str]:
    """A case from filing to its end, with everything a complainant may do; and all answers others got."""
    others: dict[str, str] = {}
    wrong = town.browser().send("/complaint", {**town.complaint(), **CANARY, "happened_on": "明天"})
    assert wrong.code == 422
    number, code = town.file(**CANARY)
    browser = town.browser()
    case = browser.send("/query", {"number": number, "code": code, "tail": "8888"})
    added = browser.submit(case, "/query/add", {"text": AFTERWARDS["text"], "files": CANARY["evidence"]})
    assert "已收到您补充的材料" in added.words
    first = town.open_tasks()[-1]
    clerk = town.as_("clerk1")
    typed = filled(clerk.get(f"/task/{first}").form(f"/task/{first}")) | walk.ELEMENTS
    clerk.client.post(f"/task/{first}/draft", data=typed)
    leak = clerk.client.post(f"/task/{first}", data={**typed, "extract": f"{CANARY['name']}反映公示牌不更新"})
    assert leak.status_code == 422
    assert "投诉人的姓名" in leak.get_data(as_text=True)
    clerk.client.post(f"/task/{first}/draft", data=typed)
    walk.assign(town)
    walk.handle(town)
    walk.close(town)
    case = browser.send("/query", {"number": number, "code": code, "tail": "8888"})
    browser.submit(case, "/query/rate", {"rating": "满意", "opinion": AFTERWARDS["opinion"]})
    feeds = late_and_warned(town)
    number2, code2 = town.file(**CANARY)
    followed = town.browser()
    other = followed.send("/query", {"number": number2, "code": code2, "tail": "8888"})
    followed.submit(other, "/query/withdraw", {"sure": "1", "reason": AFTERWARDS["reason"]})
    with town.session() as session:
        parts = [f"/case/{task.instance_id}" for task in session.scalars(select(Task))]
        parts += [f"/task/{task.id}" for task in session.scalars(select(Task))][-6:]
        parts += [f"/document/{document.id}" for document in session.scalars(select(Document))]
        parts += [f"/cards/{card}" for card in session.scalars(select(Card.id))]
        parts += [f"/follow-up/{follow}" for follow in session.scalars(select(FollowUp.id))]
        for row in session.scalars(LATEST):
            parts += [f"/case/{row.instance_id}/deadline/{row.id}/proof{kind}" for kind in ("", ".json")]
        others |= {f"mail {notice.id}": letter(notice) for notice in session.scalars(select(Notice))}
    pages = ("/inbox", "/done", "/started", "/overdue", "/notices", "/box", "/incidents", "/published", "/",
             "/cards", "/cycles", "/me", f"/inbox?q={number}")  # fmt: skip
    for login in READERS:
        client = town.browser().client if login == "public" else town.as_(login).client
        for address in (*pages, *dict.fromkeys(parts), *(feeds if login == "public" else ())):
            answer = client.get(address, follow_redirects=True)
            others[f"{login} {address}"] = f"{answer.headers}{answer.get_data(as_text=True)}"
    return others | told_to_programs(town)


def late_and_warned(town: Town) -> list[str]:
    """Another case runs late until a clue is drafted, with digests; returns the addresses of feeds."""
    feeds = []
    for login in READERS[:-1]:
        page = town.as_(login).send("/me", action="/me/feed")
        (shown,) = page.document.xpath("//input[@id='address']/@value")
        feeds.append(str(shown).removeprefix("http://localhost"))
    town.file(**CANARY)
    walk.assign(town)
    walk.well(town.do("u07-contact", "ut_unit_accept", unit_reply="签收办理"))
    let_pass(town, LATE)
    with town.session() as session:
        assert write_digests(session, town.system.context.calendar(session), town.clock())
        session.commit()
    town.known.clear()  # a month later everybody logs in again
    return feeds


def letter(notice: Notice) -> str:
    """A notice as it goes out by mail."""
    lines = [Line(*pair) for pair in notice.lines or ()]
    told = Message(notice.id, "a@example.cn", notice.text, [*lines, Line("", notice.link)], notice.created_at)
    mail = Mail(
        read_gateway("smtp://localhost", name="", helo="localhost"), "b@example.cn", "http://localhost"
    )
    sent = mail.letter(told)
    return f"{sent['Subject']}\n{sent.get_content()}"


def told_to_programs(town: Town) -> dict[str, str]:
    """What the API says of cases and tasks to everybody, also to whoever writes the name into it."""
    with town.session() as session:
        tasks = list(session.scalars(select(Task.id)))
        cases = list(session.scalars(select(Task.instance_id).distinct()))
        rows = [(row.instance_id, row.id) for row in session.scalars(LATEST)]
    addresses = ["/tasks", "/instances", "/incidents", *(f"/tasks/{task}" for task in tasks)]
    addresses += [f"/instances/{case}/deadlines/{row}" for case, row in rows]
    parts = ("", "/history", "/variables", "/deadlines")
    addresses += [f"/instances/{case}{part}" for case in cases for part in parts]
    told = {}
    for login in READERS[:-1]:
        asking = program(town, login)
        for address in addresses:
            answer = asking.get(address)
            told[f"{login} {ROOT}{address}"] = f"{answer.headers}{answer.get_data(as_text=True)}"
    clerk, leak = program(town, "clerk1"), {"data": {"extract": f"{CANARY['name']}反映公示牌不更新"}}
    for task in tasks:
        answer = clerk.post(f"/tasks/{task}/complete", leak, key=task)
        told[f"clerk1 {ROOT}/tasks/{task}/complete"] = answer.get_data(as_text=True)
    assert any("variables" in text and "complaint_no" in text for text in told.values())
    assert any("digest" in text for where, text in told.items() if "/deadlines/" in where)
    return told


def test_no_page_of_anybody_shows_it(seen: dict[str, str]) -> None:
    for where, text in seen.items():
        for sign in SIGNS:
            assert sign not in text, (where, sign)


def test_what_comes_of_being_late_was_looked_at(seen: dict[str, str]) -> None:
    """Else the test above would say nothing about it."""
    for words in ("黄牌", "红牌", "线索草稿", "今日提要", "BEGIN:VEVENT", "催办通知书", "期限计算证明"):
        assert any(words in text for text in seen.values()), words


def test_no_log_line_holds_it_nor_an_address_of_the_network(seen: dict[str, str], logged: list[str]) -> None:
    text = "\n".join(logged)
    for sign in (*SIGNS, "127.0.0.1", "werkzeug/"):
        assert sign not in text


def test_no_byte_of_the_database_holds_it(town: Town, seen: dict[str, str]) -> None:
    found = [
        (table, column)
        for table, column, content in _cells(Path(str(town.system.settings.data)) / "ducha.db")
        if any(sign in content for sign in PLAIN)
    ]
    assert found == []


def test_no_file_of_the_data_folder_holds_it(town: Town, seen: dict[str, str]) -> None:
    for file in Path(str(town.system.settings.data)).rglob("*"):
        if file.is_file():
            content = file.read_bytes()
            assert not [sign for sign in PLAIN if sign in content], file.name


def test_the_opening_by_a_handler_is_on_record_and_shows_it_to_them_alone(
    town: Town, seen: dict[str, str]
) -> None:
    address = next(key.split(" ")[1] for key in seen if " /case/" in key)
    opened = town.post("clerk1", f"{address}/identity", reason="电话核实诉求").get_data(as_text=True)
    assert CANARY["name"] in opened
    assert CANARY["evidence"][0] not in opened
    audit = town.as_("auditor").get(address)
    assert "电话核实诉求" in audit.words
    assert CANARY["name"] not in audit.text
    named = town.post("clerk1", f"{address}/identity", reason=f"联系{CANARY['name']}本人")
    assert named.status_code == 403
    assert CANARY["name"] not in town.as_("auditor").get(address).text


def _cells(path: Path) -> Iterator[tuple[str, str, bytes]]:
    """Every value of every table, and what it holds when it is packed."""
    with sqlite3.connect(path) as base:
        tables = [name for (name,) in base.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in tables:
            cursor = base.execute(f'SELECT * FROM "{table}"')
            names = [column[0] for column in cursor.description]
            for row in cursor:
                for column, value in zip(names, row, strict=True):
                    content = value if isinstance(value, bytes) else str(value).encode()
                    yield table, column, content
                    yield table, column, _unpacked(content)


def _unpacked(content: bytes) -> bytes:
    try:
        if content.startswith(b"\x28\xb5\x2f\xfd"):
            return zstandard.ZstdDecompressor().decompressobj().decompress(content)
        return zlib.decompress(content)
    except (zlib.error, zstandard.ZstdError):
        return b""
