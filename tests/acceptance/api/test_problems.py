"""What is wrong with a request is said in a problem document, with its place."""

from __future__ import annotations

from typing import Any

import pytest

from tests.acceptance.api.client import ROOT, program, refused
from tests.acceptance.pages.conftest import Site


def test_addresses_and_methods_that_are_not_there(site: Site) -> None:
    clerk = program(site, "clerk1")
    assert "openapi.json" in refused(clerk.get("/nothing"), 404, "http-404")["advice"]
    wrong = clerk.send("DELETE", "/tasks")
    refused(wrong, 405, "http-405")
    assert "GET" in wrong.headers["Allow"]


def test_bodies_that_are_no_json_object(site: Site) -> None:
    clerk = program(site, "clerk1")

    def send(content: bytes, kind: str) -> Any:
        return clerk.send("POST", "/instances", data=content, content_type=kind)

    refused(send(b'{"definition": "complaint"}', "text/plain"), 415, "http-415")
    refused(send(b"", "application/json"), 400, "http-400")
    refused(send(b"{", "application/json"), 400, "http-400")
    refused(send('{"definition": "投诉"}'.encode("gb18030"), "application/json"), 400, "http-400")
    refused(send(b"[" * 100000 + b"]" * 100000, "application/json"), 400, "http-400")
    assert refused(send(b"[1]", "application/json"), 422)["errors"] == {"": ["应为 JSON 对象。"]}
    refused(send(b'"' + b"x" * (2 * 1024 * 1024) + b'"', "application/json"), 413, "http-413")


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({}, "definition"),
        ({"definition": None}, "definition"),
        ({"definition": 7}, "definition"),
        ({"definition": "x" * 101}, "definition"),
        ({"definition": "complaint", "data": []}, "data"),
        ({"definition": "complaint", "extra": 1}, "extra"),
        ({"definition": "complaint\0"}, ""),
        ({"definition": "complaint", "data": {"a": ["\0"]}}, ""),
    ],
)
def test_every_fault_is_named_in_chinese_with_its_place(site: Site, body: Any, place: str) -> None:
    problem = refused(program(site, "clerk1").post("/instances", body), 422, "invalid-data")
    assert list(problem["errors"]) == [place]
    assert all("\u4e00" <= text[0] <= "\u9fff" for text in problem["errors"][place])


@pytest.mark.parametrize(
    "query",
    ["limit=0", "limit=101", "limit=x", "limit=9223372036854775808", "after=x", "after=W10", "page=2"],
)
def test_odd_queries_are_refused(site: Site, query: str) -> None:
    clerk = program(site, "clerk1")
    for path in ("/tasks", "/instances", "/definitions"):
        answer = clerk.client.get(f"{ROOT}{path}?{query}", headers=clerk._headers())
        assert query.split("=")[0] in refused(answer, 422)["errors"]


def test_addresses_with_odd_characters_find_nothing(site: Site) -> None:
    clerk = program(site, "clerk1")
    for part in ("%00", "%ff", "%F0%9F%98%80", "'", "..%2f..", "x" * 3000):
        assert clerk.get(f"/tasks/{part}").status_code == 404
        assert clerk.get(f"/definitions/{part}/versions").status_code == 404
    assert clerk.get("/definitions/complaint/versions/99999999999999999999").status_code == 404


def test_an_error_nobody_thought_of_is_a_problem_without_details(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*given: object, **more: object) -> None:
        raise RuntimeError("金丝雀")

    clerk = program(site, "clerk1")
    clerk.get("/tasks")
    monkeypatch.setattr("forms.api.resources.tasks.find_inbox", broken)
    answer = clerk.get("/tasks")
    refused(answer, 500, "internal")
    assert "金丝雀" not in answer.get_data(as_text=True)


def test_every_answer_has_the_headers_of_the_pages(site: Site) -> None:
    for answer in (program(site, "clerk1").get("/tasks"), program(site).get("/tasks")):
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store"
