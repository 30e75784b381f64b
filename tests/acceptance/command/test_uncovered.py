"""A set that leaves a requirement of the regulation without what implements it is not published."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

from tests.acceptance.command.conftest import PROCESSES, Ducha


def test_a_diagram_that_loses_what_a_requirement_names_is_refused(
    ducha: Ducha, demo: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "daily_supervision"
    shutil.copytree(PROCESSES / "daily_supervision", folder)
    diagram = folder / "daily_supervision.bpmn"
    diagram.write_text(diagram.read_text().replace("st_form", "st_paper"))
    code, _, err = ducha("publish", str(folder), "--by", "owner", "--approved-by", "owner2")
    assert code == 1
    assert err == "[错误] regulation/requirements.toml：RQ-17：没有节点“daily_supervision/st_form”\n"
    with sqlite3.connect(demo / "ducha.db") as rows:
        found = rows.execute("SELECT max(version) FROM definition WHERE key = 'daily_supervision'")
        assert found.fetchone() == (1,)


def test_a_set_without_a_regulation_beside_it_is_not_asked(ducha: Ducha, tmp_path: Path) -> None:
    for name in ("roles.toml", "messages.toml", "deadlines.toml", "invariants.toml"):
        shutil.copy(PROCESSES / name, tmp_path / name)
    shutil.copytree(PROCESSES / "opinion_box", tmp_path / "opinion_box")
    code, out, _ = ducha("check", str(tmp_path / "opinion_box"), "--processes", str(tmp_path))
    assert code == 0, out
