"""`ducha due` answers from the shipped rules and calendar, and says what it cannot answer."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from command.main import main

PROCESSES = Path(__file__).resolve().parents[2] / "processes"
CALENDAR_2026 = PROCESSES / "calendar" / "2026.toml"
RULE = """
[CP-HANDLE]
step = "办结"
start = "受理"
ends_at = "签署"
value = 15
unit = "wd"
tag = "default"
"""

Out = pytest.CaptureFixture[str]


def test_the_due_day_is_printed_as_json_with_its_proof(capsys: Out) -> None:
    assert main(["due", "CP-HANDLE", "--from", "2026-02-27", "--json", "--processes", str(PROCESSES)]) == 0
    answer = json.loads(capsys.readouterr().out)
    proof = answer.pop("proof")
    assert answer == {
        "key": "CP-HANDLE",
        "due": "2026-03-19",
        "due_at": "2026-03-19T16:00:00+00:00",
        "amber": "2026-03-16",
        "levels": {"L1": "2026-03-16", "L2": "2026-03-20", "L3": "2026-03-24", "L4": "2026-03-31"},
        "provisional": False,
    }
    assert proof["days"][-1]["why"] == "计入第 15 日"


def test_the_due_day_reads_as_chinese_text(capsys: Out) -> None:
    assert main(["due", "AC-IMPL", "--from", "2026-09-01"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "AC-IMPL 单位报告执行情况：30 日，自决定送达起；不可延期"
    assert lines[1] == "到期日：2026-10-08（周四）"
    assert "  2026-10-02（周五）国庆节放假，继续顺延" in lines


def test_a_provisional_day_says_so(capsys: Out) -> None:
    assert main(["due", "YR-UNIT", "--from", "2027-01-04"]) == 0
    assert "到期日：2027-01-29（周五）（暂定）" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("start", "start_on"),
    [
        ("2026-02-27T23:30", "2026-02-27"),  # without zone: Shanghai
        ("2026-02-27T23:30:00+00:00", "2026-02-28"),
    ],
)
def test_a_time_starts_on_its_shanghai_day(capsys: Out, start: str, start_on: str) -> None:
    assert main(["due", "CP-HANDLE", "--from", start, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["proof"]["start_on"] == start_on


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["CP-HANDEL", "--from", "2026-02-27"], "没有期限规则“CP-HANDEL”。相近的有：CP-HANDLE"),
        (["cp-handle", "--from", "2026-02-27"], "相近的有：CP-HANDLE"),
        (["???", "--from", "2026-02-27"], "现有 90 条规则"),
        (["CP-HANDLE", "--from", "27/2/2026"], "--from 27/2/2026：这不是日期，请写成 2026-02-27"),
        (["CP-HANDLE", "--from", "0206-02-27"], "请检查年份"),
        (["CP-HANDLE"], "请写出规则的键和起算日"),
        (["CP-HANDLE", "--from", "2026-02-27", "--processes", "/nowhere"], "没有找到期限规则文件"),
        (["--verify", "/nowhere/proof.json"], "不能读出证明文件"),
    ],
)
def test_a_wrong_question_is_answered_with_what_to_do(capsys: Out, words: list[str], sentence: str) -> None:
    assert main(["due", *words]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert sentence in told.err


def test_a_wrong_calendar_file_is_named(capsys: Out, tmp_path: Path) -> None:
    # given a folder whose calendar makes up for a holiday on a Friday
    (tmp_path / "calendar").mkdir()
    (tmp_path / "deadlines.toml").write_text(RULE, "utf-8")
    wrong = CALENDAR_2026.read_text("utf-8").replace("2026-01-04", "2026-01-09")
    (tmp_path / "calendar" / "2026.toml").write_text(wrong, "utf-8")
    # when, then
    assert main(["due", "CP-HANDLE", "--from", "2026-02-27", "--processes", str(tmp_path)]) == 1
    assert "calendar/2026.toml：元旦：调休上班日 2026-01-09（周五）不是周六或周日" in capsys.readouterr().err


def test_without_a_calendar_everything_is_provisional(capsys: Out, tmp_path: Path) -> None:
    (tmp_path / "deadlines.toml").write_text(RULE, "utf-8")
    assert main(["due", "CP-HANDLE", "--from", "2026-02-13", "--json", "--processes", str(tmp_path)]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert (answer["due"], answer["provisional"]) == ("2026-03-06", True)  # 春节 is not known


def test_an_exported_proof_can_be_checked_by_anyone(
    capsys: Out, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given an exported answer, on a machine that has neither data nor process files
    main(["due", "CP-SUPP", "--from", "2026-09-22", "--json"])
    exported, text = tmp_path / "proof.json", capsys.readouterr().out
    exported.write_text(text, "utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DUCHA_DATA", str(tmp_path / "nothing"))
    # when it is checked as it is
    assert main(["due", "--verify", str(exported), "--processes", "/nowhere"]) == 0
    said = capsys.readouterr().out
    assert "证明成立" in said
    assert "到期日：2026-10-13（周二）" in said
    assert json.loads(text)["proof"]["digest"] in said
    # and when somebody gave himself one more day
    exported.write_text(text.replace("2026-10-13", "2026-10-14"), "utf-8")
    assert main(["due", "--verify", str(exported)]) == 1
    said = capsys.readouterr().out
    assert said.startswith("证明不成立。第一处不符")
    assert "此后还有" in said
    # and when it is checked without its front
    exported.write_text(json.dumps(json.loads(text)["proof"]), "utf-8")
    assert main(["due", "--verify", str(exported)]) == 0


@pytest.mark.parametrize(
    ("text", "sentence"),
    [("[]", "应是一个 JSON 对象"), ("[" * 100_000, "不能读出证明文件"), ("{", "不能读出证明文件")],
    ids=["array", "deep", "cut off"],
)
def test_a_file_that_is_no_object_is_refused(capsys: Out, tmp_path: Path, text: str, sentence: str) -> None:
    path = tmp_path / "proof.json"
    path.write_text(text, "utf-8")
    assert main(["due", "--verify", str(path)]) == 2
    assert sentence in capsys.readouterr().err
