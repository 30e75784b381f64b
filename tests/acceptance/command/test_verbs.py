"""Each verb on a data folder of its own: what it prints, what it refuses, and in which words."""

from __future__ import annotations

import re
import shutil
import sqlite3
from pathlib import Path

import pytest

from command.compose import open_system
from command.prepare import prepare
from command.say import Refused
from command.settings import read_settings
from engine.job import take_lease

from .conftest import PROCESSES, Ducha, told


def test_without_a_verb_it_prints_what_there_is(ducha: Ducha) -> None:
    code, out, _ = ducha()
    assert code == 0
    for verb in ("serve", "worker", "check", "publish", "scenario", "due", "init", "user", "demo", "audit"):
        assert verb in out


@pytest.mark.parametrize("words", [("nonsense",), ("audit",), ("publish", "x"), ("serve", "--port", "x")])
def test_a_wrong_call_is_one_chinese_sentence_and_code_2(ducha: Ducha, words: tuple[str, ...]) -> None:
    code, _, err = ducha(*words)
    assert code == 2
    assert err.startswith("命令没有写对")
    assert err.count("\n") == 1


def test_the_process_files_that_come_along_have_no_errors(ducha: Ducha) -> None:
    code, out, _ = ducha("check", str(PROCESSES), "--json")
    assert (code, told(out)["ok"]) == (0, True)
    assert "complaint" in told(out)["bundles"]


def test_check_names_file_and_element_of_every_problem(ducha: Ducha, tmp_path: Path) -> None:
    folder = tmp_path / "complaint"
    shutil.copytree(PROCESSES / "complaint", folder)
    diagram = folder / "complaint.bpmn"
    broken = diagram.read_text().replace('camunda:topic="complaint.register"', 'camunda:topic="nobody.knows"')
    diagram.write_text(
        broken.replace('camunda:candidateGroups="DCS_LEAD"', 'camunda:candidateGroups="KING"', 1)
    )
    code, out, _ = ducha("check", str(folder))
    assert code == 1
    assert "complaint/complaint.bpmn/svc_register" in out
    assert "KING" in out
    assert "投诉应登记编号" in out  # what the law asks of a complaint is missing now
    assert re.search(r"3 个错误", out)


def test_check_of_a_path_that_is_not_there(ducha: Ducha) -> None:
    code, _, err = ducha("check", "/no/such/place")
    assert (code, err) == (2, "没有这个文件或文件夹：/no/such/place\n")


def test_a_new_version_needs_two_people_and_the_same_files_are_the_same_version(
    ducha: Ducha, demo: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "opinion_box"
    shutil.copytree(PROCESSES / "opinion_box", folder)
    same = ducha("publish", str(folder), "--by", "owner", "--approved-by", "owner2", "--json")
    assert told(same[1])["versions"][0]["new"] is False
    diagram = folder / "opinion_box.bpmn"
    diagram.write_text(
        diagram.read_text().replace("</bpmn:definitions>", "<!-- 第二版 --></bpmn:definitions>")
    )
    alone = ducha("publish", str(folder), "--by", "owner", "--approved-by", "owner")
    assert alone[0] == 1
    assert "应为两人" in alone[2]
    code, out, _ = ducha("publish", str(folder), "--by", "owner", "--approved-by", "owner2")
    assert code == 0
    assert "第 2 版" in out


def test_a_broken_process_is_not_published_and_says_why(ducha: Ducha, demo: Path, tmp_path: Path) -> None:
    folder = tmp_path / "opinion_box"
    shutil.copytree(PROCESSES / "opinion_box", folder)
    diagram = folder / "opinion_box.bpmn"
    diagram.write_text(diagram.read_text().replace('camunda:topic="', 'camunda:topic="x.'))
    code, _, err = ducha("publish", str(folder), "--by", "owner", "--approved-by", "owner2")
    assert code == 1
    assert "没有登记" in err


def test_the_demo_has_running_cases_and_one_is_overdue(ducha: Ducha, data: Path) -> None:
    code, out, _ = ducha("demo")
    assert (code, out.count("已添加")) == (0, 6)
    with sqlite3.connect(data / "ducha.db") as rows:
        late = rows.execute("SELECT count(*) FROM deadline WHERE status = 'running' AND level >= 'L2'")
        assert late.fetchone()[0] >= 1
        cases = dict(rows.execute("SELECT kind, count(*) FROM case_file GROUP BY kind"))
    assert cases == {"complaint": 6, "rectification": 1}  # one complaint was found true
    assert ducha("demo", "--once") == (0, "", "")
    assert ducha("audit", "verify")[0] == 0


def test_audit_names_the_first_entry_that_was_changed(ducha: Ducha, demo: Path) -> None:
    assert told(ducha("audit", "verify", "--json")[1])["ok"] is True
    with sqlite3.connect(demo / "ducha.db") as rows:
        rows.execute("UPDATE history SET actor = 'else' WHERE chain = 'system' AND seq = 3")
    code, out, _ = ducha("audit", "verify", "--json")
    fault = told(out)["faults"][0]
    assert (code, fault["chain"], fault["seq"]) == (1, "system", 3)
    assert "system 第 3 条" in ducha("audit", "verify")[1]


def test_a_real_district_is_set_up_once(ducha: Ducha, data: Path, tmp_path: Path) -> None:
    units = tmp_path / "units.csv"
    units.write_text("代码,名称,类型\nA1,甲街道办事处,街办\nA2,乙局,区政府部门\n")
    words = ("init", "--district", "甲区", "--organ-word", "甲", "--units", str(units),
             "--admin", "boss", "--admin-name", "王一", "--password", "-")  # fmt: skip
    code, out, _ = ducha(*words)
    assert code == 0
    assert re.search(r"初始密码：\S{12,}", out)
    key = data / "keys" / "identity.key"
    assert key.stat().st_mode & 0o077 == 0
    assert ducha(*words)[:1] == (1,)
    assert "这不是演示区" in ducha("demo")[2]
    added = ducha(
        "user", "add", "zhang", "--name", "张三", "--unit", "DCS", "--role", "DCS_CLERK", "--password", "-"
    )
    assert added[0] == 0


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("代码,名称,类型\n", "没有单位"),
        ("代码,名称,类型\nA1,甲,公司\n", "类型应为"),
        ("代码,名称,类型\nA1,甲,街办\nA1,乙,街办\n", "出现了两次"),
        ("代码,名称,类型\n,甲,街办\n", "缺少代码或名称"),
    ],
)
def test_a_wrong_list_of_units_is_explained(ducha: Ducha, tmp_path: Path, content: str, said: str) -> None:
    units = tmp_path / "units.csv"
    units.write_text(content)
    words = ("init", "--district", "甲区", "--organ-word", "甲", "--units", str(units), "--admin", "boss")
    code, _, err = ducha(*words, "--admin-name", "王一", "--password", "-")
    assert code == 1
    assert said in err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("clerk1", "--name", "陈", "--password", "long-enough-1"), "已经有人使用"),
        (("new1", "--name", "陈", "--password", "short"), "密码"),
        (("new1", "--name", "陈", "--unit", "NOWHERE", "--password", "long-enough-1"), "NOWHERE"),
        (("new1", "--name", "陈", "--role", "KING", "--password", "long-enough-1"), "KING"),
        (("new1", "--password", "long-enough-1"), "缺少姓名"),
    ],
)
def test_a_user_that_cannot_be_added_leaves_nothing(
    ducha: Ducha, demo: Path, words: tuple[str, ...], said: str
) -> None:
    code, _, err = ducha("user", "add", *words)
    assert code in (1, 2)
    assert said in err
    with sqlite3.connect(demo / "ducha.db") as rows:
        assert rows.execute("SELECT count(*) FROM account WHERE login = 'new1'").fetchone()[0] == 0


def test_without_data_the_way_in_is_told(ducha: Ducha) -> None:
    code, _, err = ducha("audit", "verify")
    assert code == 1
    assert "ducha init" in err


def test_preparing_without_process_files_is_refused_in_words(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DUCHA_PROCESSES", "/no/such/place")
    with pytest.raises(Refused, match="没有流程文件夹 /no/such/place"):
        prepare(read_settings())
    assert not data.exists()


def test_a_second_scheduler_on_the_same_database_is_refused(ducha: Ducha, demo: Path) -> None:
    system = open_system()
    with system.session() as session:
        assert take_lease(session, "pump", owner="first", seconds=30, now=system.clock())
        session.commit()
    code, _, err = ducha("worker")
    system.database.dispose()
    assert code == 1
    assert "另一个调度进程" in err
