"""Bad input at every field: a clear answer, nothing lost, nothing half-written, never a stack trace."""

from __future__ import annotations

import base64
import io
import zipfile

import pytest
from sqlalchemy import func, select

from engine.store.tables import Instance
from tests.acceptance.attack.conftest import Town
from tests.acceptance.pages import walk
from tests.acceptance.pages.conftest import COMPLAINT

SCRIPT = "<script>alert('x')</script><img src=x onerror=alert(1)>{{7*7}}${7*7}"
ODD = {
    "html": SCRIPT,
    "nul": "a\x00b",
    "surrogate": b"\xed\xa0\x80",
    "broken utf-8": b"\xff\xfe\xc3",
    "turned round": "\u202egnp.exe\u202c" * 20,
    "zero width": "\u200b" * 3000,
    "astral": "𠮷" * 5000,
    "combining": "e" + "\u0301" * 20000,
    "ligature that grows": "\ufdfa" * 3000,
    "sql": "'; DROP TABLE task; --",
    "lines": "a\r\nSet-Cookie: b=c\r\n\r\n",
    "huge number": "9" * 400,
    "negative": "-1",
    "not a number": "NaN",
    "superscript": "²",
    "no date": "2026-02-30",
    "far date": "99999-01-01",
    "first date": "0001-01-01T00:00",
    "last date": "9999-12-31T23:59",
    "empty": "",
}


def _count(town: Town) -> int:
    with town.session() as session:
        return int(session.scalar(select(func.count()).select_from(Instance)) or 0)


@pytest.mark.parametrize("kind", ODD)
def test_the_public_form_answers_odd_values_in_every_field(town: Town, kind: str) -> None:
    before = _count(town)
    browser = town.browser()
    token = browser.get("/complaint").form("/complaint").fields["csrf_token"]
    names = [name for name in COMPLAINT if name != "identity_mode"]
    for names_now in (names, *([name] for name in ("happened_on", "phone", "topics", "target_unit"))):
        sent = {**COMPLAINT, **dict.fromkeys(names_now, ODD[kind]), "csrf_token": token}
        answer = browser.client.post("/complaint", data=sent)
        text = answer.get_data(as_text=True)
        assert answer.status_code in (200, 413, 422), (names_now, answer.status_code)
        assert "<script>alert" not in text
        assert "onerror=alert(1)>" not in text
        assert "Traceback" not in text
    if kind not in ("empty", "zero width"):
        assert _count(town) - before <= 1


def test_the_public_form_survives_a_flood_of_fields(town: Town) -> None:
    browser = town.browser()
    token = browser.get("/complaint").form("/complaint").fields["csrf_token"]
    many = {f"field{number}": "x" for number in range(1900)}
    assert (
        browser.client.post("/complaint", data={**COMPLAINT, **many, "csrf_token": token}).status_code == 422
    )
    more = {f"field{number}": "x" for number in range(2500)}
    flooded = browser.client.post(
        "/complaint", data={**COMPLAINT, **more, "csrf_token": token}, content_type="multipart/form-data"
    )
    assert flooded.status_code in (400, 413)
    assert "<h1" in flooded.get_data(as_text=True)
    large = browser.client.post("/complaint", data={**COMPLAINT, "facts": "长" * 2**20, "csrf_token": token})
    assert large.status_code == 413
    assert "没有保存" in large.get_data(as_text=True)
    crowd = "&".join(["csrf_token=" + token, *(f"a{n}=" for n in range(200_000))])
    crowded = browser.client.post("/complaint", data=crowd, content_type="application/x-www-form-urlencoded")
    assert crowded.status_code == 422
    assert len(crowded.data) < 200_000


@pytest.mark.parametrize("body", [b"[", b"{}", b"\x00", b"=" * 5000, b"&" * 5000, b"%%%=%zz", b"a" * 100])
@pytest.mark.parametrize("kind", ["application/json", "text/xml", "multipart/form-data", ""])
def test_a_body_that_is_no_form_gets_a_sentence(town: Town, body: bytes, kind: str) -> None:
    for address in ("/complaint", "/login", "/query", "/query/add"):
        answer = town.browser().client.post(address, data=body, content_type=kind)
        assert answer.status_code == 400
        said = answer.get_json()["title"] if answer.is_json else answer.get_data(as_text=True)
        assert "页面停留太久" in said


def _cursor(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    "query",
    [
        {"after": _cursor("0001-01-01T00:00:00+14:00|a")},
        {"after": _cursor("9999-12-31T23:59:59-14:00|a")},
        {"after": _cursor("2026-01-01T00:00:00+00:00|\x00")},
        {"after": _cursor("2026-01-01T00:00:00+00:00|' OR 1=1 --")},
        {"after": "é"}, {"after": "A"}, {"after": "=" * 4000}, {"after": "\x00"}, {"after": "_-_-"},
        {"q": SCRIPT}, {"q": "%"}, {"q": "_"}, {"q": "\\"}, {"q": "' OR '1'='1"}, {"q": "\x00"},
        {"q": "a " * 3000},
        {"tab": SCRIPT}, {"tab": "'"}, {"unit": SCRIPT}, {"lights": SCRIPT}, {"before": "9999-99-99"},
        {"before": "0001-01-01"}, {"before": SCRIPT},
    ],
)  # fmt: skip
def test_lists_answer_any_query(town: Town, query: dict[str, str]) -> None:
    for address in ("/inbox", "/done", "/started", "/overdue", "/published"):
        answer = town.as_("clerk1").client.get(address, query_string=query)
        assert answer.status_code == 200, address
        assert "<script>alert" not in answer.get_data(as_text=True)
        assert "onerror=alert(1)>" not in answer.get_data(as_text=True)


ELSEWHERE = (
    "/task/%00", "/task/..%2f..%2fetc%2fpasswd", "/case/%27%20OR%201=1", "/case/{{7*7}}",
    "/document/%3Cscript%3E",
    "/attachment/..%2f..%2f", "/static/..%2f..%2fapp.py", "/static/../app.py", "/static/%2e%2e/app.py",
    "/static//etc/passwd", "/new/..%2f", "/new/%00", "/query/letter/%00", "/published/%00",
    "/case/x/diagram.bpmn",
    "/case/%ff/diagram.bpmn", "/" + "a" * 5000, "/.git/config", "/static/dist/%00",
)  # fmt: skip


@pytest.mark.parametrize("address", ELSEWHERE)
def test_addresses_that_lead_nowhere_lead_nowhere(town: Town, address: str) -> None:
    answer = town.as_("clerk1").client.get(address)
    assert answer.status_code in (302, 303, 308, 404), address
    assert "root:" not in answer.get_data(as_text=True)
    assert "<script>" not in answer.get_data(as_text=True)


@pytest.fixture(scope="module")
def task_id(town: Town) -> str:
    """A clerk's open task."""
    town.file()
    return town.open_tasks()[-1]


@pytest.mark.parametrize("kind", ODD)
def test_a_task_form_answers_odd_values(town: Town, task_id: str, kind: str) -> None:
    for act in ("", "/extend", "/draft"):
        fields = {**walk.ELEMENTS, "days": "1", "reason": "x", "extra": "x"}
        answer = town.post("clerk1", f"/task/{task_id}{act}", **dict.fromkeys(fields, ODD[kind]))
        assert answer.status_code in (200, 404, 413, 422), (act, answer.status_code)
        assert "<script>alert" not in answer.get_data(as_text=True)
    page = town.as_("clerk1").get(f"/task/{task_id}")
    assert page.code == 200
    assert "<script>alert" not in page.text
    assert "<img src=x" not in page.text


def _zip(**entries: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in entries.items():
            package.writestr(name.replace("__", "/"), content)
    return packed.getvalue()


PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 64
BAD_FILES = {
    "page as picture": ("图.png", b"<html><script>alert(1)</script>"),
    "drawing as picture": ("图.jpg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
    "page": ("页.html", b"<html></html>"),
    "drawing": ("图.svg", b"<svg/>"),
    "page as text": ("页.txt", b"  <!DOCTYPE html><script>alert(1)</script>"),
    "program": ("安装.exe", b"MZ" + b"\x00" * 99),
    "program as paper": ("信.pdf", b"MZ" + b"\x00" * 99),
    "shell script": ("信.txt", b"#!/bin/sh\nrm -rf /"),
    "two extensions": ("信.pdf.exe", b"%PDF-1.7"),
    "hidden extension": ("信.exe\u202efdp.pdf ", b"MZ"),
    "empty": ("空.txt", b""),
    "no extension": ("信", b"text"),
    "zip as paper": ("信.docx", _zip(a=b"x")),
    "macro": ("信.docx", _zip(**{"[Content_Types].xml": b"x", "word__vbaProject.bin": b"x"})),
    "bomb": ("信.docx", _zip(**{"[Content_Types].xml": b"x", "word__document.xml": b"\0" * (40 << 20)})),
    "too large": ("大.png", PNG + b"\x00" * (11 << 20)),
    "nul in name": ("图.php\x00.png", b"<?php"),
}  # fmt: skip


@pytest.mark.parametrize("kind", BAD_FILES)
def test_a_bad_file_is_refused_by_name_and_nothing_is_filed(town: Town, kind: str) -> None:
    before = _count(town)
    page = town.browser().send("/complaint", {**COMPLAINT, "evidence": BAD_FILES[kind]})
    assert page.code == 422, page.words[:300]
    assert _count(town) == before


def test_six_files_are_one_too_many(town: Town) -> None:
    browser = town.browser()
    token = browser.get("/complaint").form("/complaint").fields["csrf_token"]
    six = [(io.BytesIO(b"text"), f"{number}.txt") for number in range(6)]
    answer = browser.client.post("/complaint", data={**COMPLAINT, "evidence": six, "csrf_token": token})
    assert answer.status_code == 422
    assert "最多 5 个文件" in answer.get_data(as_text=True)
