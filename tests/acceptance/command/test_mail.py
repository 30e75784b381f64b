"""`ducha mail`: says whether mail flows, sends a letter for trial; and what `ducha serve` does with it."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from command.compose import open_system
from command.pumping import ticks
from supervision.notice import notify
from supervision.notice.table import NoticeAddress
from tests.post_office import HOST, free_port, post_office

from .conftest import Ducha

ROOT = Path(__file__).parents[3]
MORNING = datetime(2026, 3, 2, 0, 40, tzinfo=UTC)  # a Monday, 08:40 in Shanghai


@pytest.fixture
def sender(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    monkeypatch.setenv("DUCHA_MAIL_FROM", "ducha@yunxi.example.invalid")
    return monkeypatch


def test_without_a_setting_it_says_which_ones_are_missing(ducha: Ducha, demo: Path) -> None:
    code, out, _ = ducha("mail", "status")
    assert (code, "还没有配置邮件：请设置 DUCHA_SMTP_URL" in out) == (1, True)
    code, _, err = ducha("mail", "test", "clerk1@yunxi.example.invalid")
    assert (code, "还没有配置邮件" in err) == (2, True)


def test_a_letter_for_trial_arrives_and_the_state_is_told(
    ducha: Ducha, demo: Path, sender: pytest.MonkeyPatch
) -> None:
    with post_office() as office:
        sender.setenv("DUCHA_SMTP_URL", f"smtp://{office.address}")
        code, out, _ = ducha("mail", "test", "clerk1@yunxi.example.invalid")
        assert (code, "已交给邮件服务器" in out) == (0, True)
        assert [letter["To"] for letter in office.letters] == ["clerk1@yunxi.example.invalid"]
        code, out, _ = ducha("mail", "status", "--json")
    told = json.loads(out)
    assert (code, told["configured"], told["reachable"], told["error"]) == (0, True, True, "")
    assert told["messages"] == {"queued": 0, "sent": 0, "failed": 0, "dropped": 0}
    assert told["addresses"] > 30


def test_a_server_that_is_away_is_told(ducha: Ducha, demo: Path, sender: pytest.MonkeyPatch) -> None:
    sender.setenv("DUCHA_SMTP_URL", f"smtp://{HOST}:{free_port()}")
    code, out, _ = ducha("mail", "status")
    assert (code, "邮件服务器不可用" in out, "拒绝连接" in out) == (1, True, True)
    code, _, err = ducha("mail", "test", "clerk1@yunxi.example.invalid")
    assert (code, "拒绝连接" in err) == (1, True)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("test", "clerk1"), "邮箱地址应形如"),
        (("address", "nobody", "a@b.cn"), "没有登录名“nobody”"),
        (("address", "clerk1", "clerk1"), "邮箱地址应形如"),
    ],
)
def test_a_slip_of_the_keyboard_is_a_sentence(
    ducha: Ducha, demo: Path, sender: pytest.MonkeyPatch, words: tuple[str, ...], said: str
) -> None:
    sender.setenv("DUCHA_SMTP_URL", f"smtp://{HOST}:{free_port()}")
    code, out, err = ducha("mail", *words)
    assert (code != 0, out, said in err) == (True, "", True)


def test_an_address_is_registered_changed_and_deleted(ducha: Ducha, demo: Path) -> None:
    assert ducha("mail", "address", "clerk1", "chen@yunxi.example.invalid")[0] == 0
    with open_system().session() as session:
        assert session.get_one(NoticeAddress, ("clerk1", "mail")).address == "chen@yunxi.example.invalid"
    assert ducha("mail", "address", "clerk1", "-")[1] == "已删除 clerk1 的邮箱\n"
    with open_system().session() as session:
        assert session.get(NoticeAddress, ("clerk1", "mail")) is None
    assert ducha("audit", "verify")[0] == 0


def test_a_new_person_can_come_with_an_address(ducha: Ducha, demo: Path) -> None:
    words = ("user", "add", "newcomer", "--name", "新同事", "--unit", "DCS", "--password", "-")
    assert ducha(*words, "--email", "nobody")[0] == 1
    assert ducha(*words, "--email", "new@yunxi.example.invalid")[0] == 0
    with open_system().session() as session:
        assert session.get_one(NoticeAddress, ("newcomer", "mail")).wanted


def test_a_wrong_setting_stops_the_server_before_it_starts(demo: Path, sender: pytest.MonkeyPatch) -> None:
    sender.setenv("DUCHA_SMTP_URL", "smtp://ducha:s3cret@mail.example.invalid")
    words = [sys.executable, "-m", "command.main", "serve", "--port", "0"]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert "DUCHA_SMTP_URL 不能用 smtp:// 传送密码" in done.stderr
    assert "s3cret" not in done.stderr + done.stdout


def test_the_ticks_of_a_server_give_out_and_send(demo: Path, sender: pytest.MonkeyPatch) -> None:
    # given
    with post_office() as office:
        sender.setenv("DUCHA_SMTP_URL", f"smtp://{office.address}")
        system = open_system(clock=lambda: MORNING)
        with system.session() as session:
            notify(session, ["clerk1"], "TS-2026-0001“研判”即将到期", "/task/1", MORNING, "k")
            session.commit()
        # when
        does = ticks(system, "worker")
        for name in ("route", "pump-send"):
            does[name][1]()
        # then
        (letter,) = office.letters
    assert letter["To"] == "clerk1@yunxi.example.invalid"
    assert "http://127.0.0.1:8000/task/1" in letter.get_content()


def test_without_mail_no_tick_looks_for_what_to_give_out(demo: Path) -> None:
    assert sorted(ticks(open_system(), "worker")) == ["look", "pump-engine", "pump-send"]
