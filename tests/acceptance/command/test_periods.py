"""`ducha calendar load` and `ducha rules publish`: checked first, saved with a reason, refused in Chinese."""

from __future__ import annotations

from pathlib import Path

import pytest

from command.main import main
from engine.deadline.rule_text import with_terms

PROCESSES = Path(__file__).parents[3] / "processes"
YEAR = (PROCESSES / "calendar" / "2026.toml").read_text().replace("2026", "2027")
RULES = (PROCESSES / "deadlines.toml").read_text()


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the demo district."""
    from command.prepare import prepare
    from command.settings import Settings

    folder = tmp_path_factory.mktemp("district")
    settings = Settings(folder, f"sqlite:///{folder / 'ducha.db'}", PROCESSES, "127.0.0.1", 8000)
    prepare(settings).system.database.dispose()
    return folder


@pytest.fixture
def here(district: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DUCHA_DATA", str(district))
    monkeypatch.setenv("DUCHA_PROCESSES", str(PROCESSES))
    return tmp_path


def test_a_changed_rule_is_checked_then_published(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = here / "deadlines.toml"
    file.write_text(with_terms(RULES, "CP-HANDLE", {"value": 12}))
    assert main(["rules", "publish", str(file), "--check"]) == 0
    checked = capsys.readouterr().out
    assert "CP-HANDLE P3 投诉办结：15 个工作日" in checked
    assert "新办件平均提前" in checked
    assert "没有保存" in checked
    assert main(["rules", "publish", str(file), "--reason", "试行后调整"]) == 0
    assert "已发布，只用于以后开始的期限" in capsys.readouterr().out
    assert main(["rules", "publish", str(file), "--reason", "试行后调整"]) == 1
    assert "没有需要保存的内容" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "text", "words", "sentence"),
    [
        ("r.toml", RULES.replace("value = 15\n", "value = -1\n", 1), "rules publish", "应为 0 至 250 的整数"),
        ("r.toml", RULES.replace('unit = "wd"', 'unit = "week"', 1), "rules publish", "unit（单位）应为"),
        ("r.toml", with_terms(RULES, "IC-DUE", {"value": 30}), "rules publish", "法定最长期限"),
        ("r.toml", with_terms(RULES, "CP-CALL", {"value": 9}), "rules publish", "请写明修改的理由"),
        ("节假日.toml", YEAR, "calendar load", "文件名应为“年份.toml”"),
        ("2027.toml", YEAR, "calendar load", "不是周六或周日"),
        ("2028.toml", YEAR, "calendar load", "year 应为 2028"),
    ],
)
def test_a_bad_file_is_refused(
    here: Path, capsys: pytest.CaptureFixture[str], name: str, text: str, words: str, sentence: str
) -> None:
    (here / name).write_text(text)
    assert main([*words.split(), str(here / name)]) != 0
    assert sentence in capsys.readouterr().err


def test_a_year_is_loaded(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = [line for line in YEAR.splitlines() if not line.startswith("make_up")]
    (here / "2027.toml").write_text("\n".join(lines).replace("2025-11-04", "2026-11-04"))
    assert main(["calendar", "load", str(here / "2027.toml"), "--reason", "通知已公布"]) == 0
    assert "2027 年工作日历第 1 版已生效" in capsys.readouterr().out
