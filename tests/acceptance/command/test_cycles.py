"""`ducha cycles` lists what comes and what ran; `ducha check` says what is wrong with the file."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from .conftest import PROCESSES, Ducha, told


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the process files, to be spoilt."""
    copy = tmp_path / "processes"
    shutil.copytree(PROCESSES, copy)
    return copy


@pytest.mark.usefixtures("demo")
def test_it_lists_every_cycle_and_refuses_a_day_nobody_can_mean(ducha: Ducha) -> None:
    code, out, _ = ducha("cycles", "--json")
    cycles = {cycle["key"]: cycle for cycle in told(out)["cycles"]}
    assert code == 0
    assert set(cycles) == {
        "box_opening", "self_check", "annual_inspection", "website_sampling", "district_report"
    }  # fmt: skip
    assert all(cycle["published"] and not cycle["paused"] for cycle in cycles.values())
    half_years = [*cycles["self_check"]["ran"], *cycles["self_check"]["next"]]
    assert len(half_years) in (4, 5)  # those of 24 months
    assert all(one["drawn_on"][5:] == "10-08" for one in cycles["annual_inspection"]["next"])
    assert set(cycles["box_opening"]["next"][0]) == {
        "key", "label", "drawn_on", "on", "starts_at", "moved", "provisional"
    }  # fmt: skip
    code, out, _ = ducha("cycles", "--until", told(out)["until"])
    assert code == 0
    rule = "每年 06-01、12-01 09:00，遇休息日顺延到下一个工作日，提前 5 个工作日开始"
    assert f"self_check 半年自查：{rule}" in out
    refused = (("soon", "“soon”不是日期"), ("2019-01-01", "应在今天"), ("2999-01-01", "2099 年以前"))
    for until, sentence in refused:
        code, _, err = ducha("cycles", "--until", until)
        assert (code, sentence in err) == (2, True)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[box_opening]\n", "键“box_opening”写了两次"),
        (
            "[late]\nprocess='opinion_box'\nweekday='五'\nat='9:00'\nrest_day='next'\nuntil=2020-01-01\n",
            "已经过去：until 是 2020-01-01",
        ),
        (
            "[x]\nprocess='drawn_nowhere'\nweekday='五'\nat='9:00'\nrest_day='next'\n",
            "没有流程“drawn_nowhere”",
        ),
        ("[x]\nprocess='opinion_box'\nmonthday=40\nat='9:00'\nrest_day='next'\n", "monthday 是“40”"),
    ],
)
def test_check_refuses_a_broken_cycle_with_a_sentence(
    ducha: Ducha, folder: Path, text: str, sentence: str
) -> None:
    with (folder / "cycles.toml").open("a", encoding="utf-8") as file:
        file.write(f"\n{text}")
    code, out, _ = ducha("check", str(folder))
    assert (code, sentence in out) == (1, True), out
    assert "[错误] cycles.toml/" in out


def test_check_of_one_process_says_nothing_about_cycles(ducha: Ducha, folder: Path) -> None:
    (folder / "cycles.toml").write_text("[box\n")
    assert ducha("check", str(folder / "extension"))[0] == 0
