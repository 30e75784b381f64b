"""查询页: whoever guesses learns nothing, and no address or page of another holds the code."""

from __future__ import annotations

import re

import pytest
from argon2 import PasswordHasher

from tests.acceptance.attack.conftest import Town

WRONG = "AAAAAAAAAA"


def _answer(town: Town, **typed: str) -> tuple[int, str, tuple[str, ...]]:
    """Code, page without its token, and names of headers."""
    answer = town.browser().send("/query", typed)
    text = re.sub(r'(name="csrf_token" value=")[^"]+', r"\1", answer.text)
    return answer.code, text, tuple(answer.response.headers.keys())


def test_every_wrong_answer_is_the_same_to_the_byte(town: Town) -> None:
    number, code = town.file()
    nameless, alone = town.file(
        identity_mode="匿名", name=None, phone=None, address=None, email=None, reply_mode="自行查询"
    )
    wrong_code = _answer(town, number=number, code=WRONG, tail="5678")
    wrong_tail = _answer(town, number=number, code=code, tail="0000")
    no_tail = _answer(town, number=number, code=code, tail="")
    assert wrong_code == wrong_tail == no_tail
    nowhere = "TS-2026-0999"
    unknown = _answer(town, number=nowhere, code=WRONG, tail="5678")
    assert unknown[1].replace(nowhere, number) == wrong_code[1]
    without = _answer(town, number=nameless, code=WRONG, tail="")
    assert without[1].replace(nameless, number) == wrong_code[1]
    assert unknown[::2] == without[::2] == wrong_code[::2]
    assert town.browser().send("/query", {"number": nameless, "code": alone}).code == 200


def test_a_number_that_does_not_exist_is_locked_like_one_that_does(town: Town) -> None:
    number, _ = town.file()
    pages = []
    for tried in (number, "TS-2026-0888"):
        said = [_answer(town, number=tried, code=WRONG, tail="1111") for _ in range(6)]
        pages.append([(code, text.replace(tried, "")) for code, text, _ in said])
    assert pages[0] == pages[1]
    assert "分钟后再试" in pages[0][-1][1]


def test_every_guess_costs_the_same_one_hash(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    number, code = town.file()
    verified: list[str] = []
    verify = PasswordHasher.verify

    def count(self: PasswordHasher, hashed: str, password: str) -> bool:
        verified.append(hashed)
        return verify(self, hashed, password)

    monkeypatch.setattr(PasswordHasher, "verify", count)
    for typed in (
        {"number": number, "code": code, "tail": "0000"},
        {"number": "TS-2026-0777", "code": WRONG, "tail": "5678"},
        {"number": "' OR 1=1 --", "code": "", "tail": ""},
    ):
        before = len(verified)
        town.browser().send("/query", typed)
        assert len(verified) == before + 1, typed


def test_neither_code_nor_number_travels_in_an_address_or_the_cookie(town: Town) -> None:
    number, code = town.file()
    browser = town.browser()
    page = browser.get("/query").form("/query")
    assert page.method == "POST"
    answer = browser.client.post(
        "/query",
        data={"csrf_token": page.fields["csrf_token"], "number": number, "code": code, "tail": "5678"},
    )
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/query/case"
    with browser.client.session_transaction() as cookie:
        assert code not in str(dict(cookie))
        assert number not in str(dict(cookie))
    followed = browser.get("/query/case").text
    assert code not in followed
    assert number not in browser.client.get(f"/query?number={number}&code={code}").get_data(as_text=True)


def test_who_was_let_in_to_one_case_reads_no_letter_of_another(town: Town) -> None:
    number, code = town.file()
    browser = town.browser()
    browser.send("/query", {"number": number, "code": code, "tail": "5678"})
    assert browser.client.get("/query/letter/" + "0" * 32).status_code == 404
    assert browser.client.get("/inbox").status_code == 302
