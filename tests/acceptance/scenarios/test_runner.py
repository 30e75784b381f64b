"""The scenario runner finds what is wrong and says it in words; the clock never jumps over a due timer."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from command.main import main
from command.play.stage import Theatre
from command.scenario import play

PROCESSES = Path(__file__).parents[3] / "processes"
TOLD = (PROCESSES / "complaint" / "scenarios" / "T12b-补正期满.toml").read_text()


@pytest.fixture(scope="module")
def theatre() -> Iterator[Theatre]:
    with Theatre(PROCESSES) as opened:
        yield opened


def played(theatre: Theatre, tmp_path: Path, content: str) -> list[str]:
    path = tmp_path / "story.toml"
    path.write_text(content)
    return play(theatre, path, PROCESSES).problems


def test_a_wrong_expectation_says_what_was_found(theatre: Theatre, tmp_path: Path) -> None:
    problems = played(theatre, tmp_path, TOLD.replace('outcome = "视为放弃"', 'outcome = "已办结"'))
    assert len(problems) == 1
    assert "办理结果应为 已办结，但是 视为放弃" in problems[0]


def test_an_answer_the_form_refuses_fails_the_scenario_with_the_pages_sentence(
    theatre: Theatre, tmp_path: Path
) -> None:
    problems = played(theatre, tmp_path, TOLD.replace('route = "补正"', 'route = "随便"'))
    assert "ut_triage" in problems[-1]
    assert "route" not in problems[-1]  # the label, not the key


def test_a_person_who_may_not_do_the_task_fails_the_scenario(theatre: Theatre, tmp_path: Path) -> None:
    content = TOLD.replace('task = "ut_complete"\nby = "clerk1"', 'task = "ut_complete"\nby = "u06-contact"')
    assert "不由您办理" in played(theatre, tmp_path, content)[-1]


def test_a_task_that_is_not_open_names_those_that_are(theatre: Theatre, tmp_path: Path) -> None:
    problems = played(theatre, tmp_path, TOLD.replace('task = "ut_triage_ok"', 'task = "ut_decide"'))
    assert "现在没有 ut_decide；正在等待的是 ut_triage_ok" in problems[-1]


def test_a_step_in_a_case_nobody_filed_is_said_so(theatre: Theatre, tmp_path: Path) -> None:
    content = TOLD.replace('task = "ut_complete"', 'case = 3\ntask = "ut_complete"')
    assert "没有第 3 件：一共登记了 1 件" in played(theatre, tmp_path, content)[-1]


def test_a_period_that_does_not_run_cannot_be_extended(theatre: Theatre, tmp_path: Path) -> None:
    more = '\n[[step]]\nextend = "CP-HANDLE"\nby = "clerk1"\ndata = { days = 1, reason = "理由" }\n'
    assert "本案没有期限 CP-HANDLE" in played(theatre, tmp_path, TOLD + more)[-1]


def test_letters_that_were_not_written_are_named(theatre: Theatre, tmp_path: Path) -> None:
    content = TOLD + '\n[[step]]\nexpect = { letters = ["延期告知书"], delivered = ["补正告知书"] }\n'
    assert played(theatre, tmp_path, content) == [
        f"第 {TOLD.count('[[step]]') + 1} 步 核对：已印发的公文应为 延期告知书，但是 补正告知书"
    ]


def test_one_long_move_of_the_clock_fires_timers_at_their_own_moment(
    theatre: Theatre, tmp_path: Path
) -> None:
    far = TOLD.replace('clock = "2026-10-14T00:00"', 'clock = "2026-12-31T00:00"')
    assert played(theatre, tmp_path, far) == []


def test_the_clock_cannot_be_turned_back(theatre: Theatre, tmp_path: Path) -> None:
    back = TOLD.replace('clock = "2026-10-13T23:59"', 'clock = "2026-09-01T00:00"')
    assert played(theatre, tmp_path, back) != []


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("[begin", "读不懂"),
        ('start = "2026-03-02"', "缺少 begin"),
        ('start = "nie"\n[begin]\nprocess = "complaint"', "读不懂"),
        ('start = "2026-03-02"\n[begin]\nprocess = "complaint"\n[[step]]\nclick = 1', "不认识的词：click"),
    ],
)
def test_a_file_that_cannot_be_read_is_said_so(
    theatre: Theatre, tmp_path: Path, content: str, said: str
) -> None:
    assert said in played(theatre, tmp_path, content)[0]


def test_the_command_counts_passed_and_failed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good, bad = tmp_path / "good.toml", tmp_path / "bad.toml"
    good.write_text(TOLD)
    bad.write_text(TOLD.replace('ended = "end_abandoned"', 'ended = "end_closed"'))
    code = main(["scenario", str(good), str(bad), "--processes", str(PROCESSES), "--json"])
    told = json.loads(capsys.readouterr().out)
    assert (code, told["passed"], told["failed"]) == (1, 1, 1)
    assert [(one["name"], one["passed"]) for one in told["files"]] == [
        ("T12 补正期满没有材料，视为放弃", True),
        ("T12 补正期满没有材料，视为放弃", False),
    ]


def test_nothing_to_play_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["scenario", str(tmp_path)]) == 2
    assert "里没有情景文件" in capsys.readouterr().err
    (tmp_path / "process.toml").write_text('key = "x"')
    assert main(["scenario", str(tmp_path)]) == 2
    assert "里没有情景文件" in capsys.readouterr().err
