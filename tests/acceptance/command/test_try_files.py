"""`ducha try`: which files it reads, what people read, and how a wrong call is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.acceptance.command.conftest import PROCESSES, Ducha, told
from tests.acceptance.command.tried import ENDS, HEAD, RACE, drawn


def test_called_processes_and_tables_come_from_further_files(ducha: Ducha, tmp_path: Path) -> None:
    calls = drawn(ENDS + '<callActivity id="c" calledElement="q"/>', "s>c c>e")
    called = drawn('<startEvent id="s1"/><userTask id="u1"/><endEvent id="e1"/>', "s1>u1 u1>e1", id="q")
    for name, process in (("a.xml", calls), ("b.bpmn", called)):
        (tmp_path / name).write_text(HEAD + process + "</definitions>")
    code, out, _ = ducha("try", str(tmp_path / "a.xml"), str(tmp_path / "b.bpmn"), "--json")
    assert code == 0
    assert told(out)["completed"] == ["s", "s1", "u1", "e1", "c", "e"]
    code, out, _ = ducha("try", str(tmp_path / "a.xml"))
    assert code == 1
    assert "a.xml/c：" in out


def test_the_house_s_own_processes_can_be_tried(ducha: Ducha, tmp_path: Path) -> None:
    answers = tmp_path / "answers.toml"
    signed = '[answers]\nut_sign = [{sign_result = "同意签发"}]\nsvc_number = {deliver = false}\n'
    answers.write_text(signed, encoding="utf-8")
    code, out, err = ducha(
        "try", str(PROCESSES), "--process", "document_issue", "--answers", str(answers), "--json"
    )
    assert (code, err) == (0, "")
    assert told(out)["status"] == "completed"
    assert "ut_sign" in told(out)["completed"]


def test_people_read_lines(ducha: Ducha, tmp_path: Path) -> None:
    diagram = tmp_path / "a.bpmn"
    diagram.write_text(HEAD + RACE + "</definitions>")
    code, out, _ = ducha("try", str(diagram), "--data", '{"n": 7}')
    assert code == 0
    assert out == '流程 p：已走完\n走过：s → u → g → t → late\n变量：{"n": 7}\n'


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("no.bpmn",), "没有这个文件：no.bpmn"),
        (("{d}", "--data", "{bad"), "--data 不是正确的 JSON"),
        (("{d}", "--data", "[]"), "--data 应为 JSON 对象"),
        (("{d}", "--data", '{"n": 1e999}'), "给出的变量或答案不能用"),
        (("{d}", "--process", "q"), "没有流程“q”：文件中可执行的流程有 p"),
        (("{d}", "--steps", "0"), "命令没有写对"),
        (("{d}", "--answers", "no.json"), "答案文件：读不出 no.json"),
        (("{d}", "--answers", "{d}"), "不是正确的 JSON"),
    ],
)
def test_a_wrong_call_is_one_sentence_and_code_2(
    ducha: Ducha, tmp_path: Path, words: tuple[str, ...], sentence: str
) -> None:
    diagram = tmp_path / "a.bpmn"
    diagram.write_text(HEAD + RACE + "</definitions>")
    code, out, err = ducha("try", *(word.replace("{d}", str(diagram)) for word in words))
    assert (code, out) == (2, "")
    assert sentence in err
    assert err.count("\n") == 1
