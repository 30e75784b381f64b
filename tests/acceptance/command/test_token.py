"""`ducha token`: a key is shown once, listed without itself, and ended at once."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from .conftest import Ducha


def test_a_key_is_shown_once_and_listed_by_its_number(ducha: Ducha, demo: Path) -> None:
    # when
    code, out, _ = ducha("token", "add", "clerk1", "--scope", "tasks:read", "--scope", "tasks:write")
    # then
    assert code == 0
    key, validity, scopes = out.splitlines()
    assert re.fullmatch(r"ducha_[\w-]{43}", key)
    assert "只显示这一次" in validity
    assert scopes == "权限：tasks:read、tasks:write"
    _, listed, _ = ducha("token", "list")
    assert key not in listed
    assert re.fullmatch(
        r"[0-9a-f]{12}  clerk1  有效至 \d{4}-\d\d-\d\d  未使用过  tasks:read tasks:write\n", listed
    )


def test_a_revoked_key_stays_on_the_list_as_such(ducha: Ducha, demo: Path) -> None:
    ducha("token", "add", "clerk1", "--scope", "tasks:read")
    number = ducha("token", "list")[1].split()[0]
    assert ducha("token", "revoke", number)[:2] == (0, f"已作废 clerk1 的密钥 {number}\n")
    assert "已作废" in ducha("token", "list")[1]
    assert ducha("audit", "verify")[0] == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("nobody", "--scope", "tasks:read"), "没有可用的用户“nobody”"),
        (("clerk1", "--scope", "everything"), "没有权限“everything”：可用的有 definitions:read"),
        (("clerk1",), "至少要给一项权限"),
        (("clerk1", "--scope", "tasks:read", "--days", "0"), "有效天数应为正整数"),
    ],
)
def test_what_cannot_be_issued_is_said(ducha: Ducha, demo: Path, words: tuple[str, ...], said: str) -> None:
    code, out, err = ducha("token", "add", *words)
    assert (code, out) == (1, "")
    assert said in err
    assert ducha("token", "list")[1] == ""


@pytest.mark.parametrize("number", ["", "0", "%", "0" * 12])
def test_only_a_whole_number_names_a_key(ducha: Ducha, demo: Path, number: str) -> None:
    ducha("token", "add", "clerk1", "--scope", "tasks:read")
    code, _, err = ducha("token", "revoke", number)
    assert code == 1
    assert "没有编号为" in err
