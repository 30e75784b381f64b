"""The answers file of a trial: what may stand in it, and how it is told what is wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from command.say import Refused
from command.trial.answers import Reply, answers_of, read_answers
from engine.bpmn.iso import duration


def test_one_answer_is_a_list_of_one() -> None:
    read = answers_of({"answers": {"u": {"ok": True}, "w": [{"n": 1}, False]}, "topics": {"t": None}})
    assert read.by_element == {"u": [Reply({"ok": True})], "w": [Reply({"n": 1}), Reply(left=True)]}
    assert read.by_topic == {"t": [Reply(left=True)]}


def test_words_with_a_dollar_are_no_variables() -> None:
    (reply,) = answers_of(
        {"answers": {"v": {"x": 1, "$after": "P2D", "$error": "E", "$message": "m"}}}
    ).by_element["v"]
    assert reply == Reply({"x": 1}, after=duration("P2D"), error="E", text="m")


def test_messages_and_signals_may_be_names_only() -> None:
    message, signal = answers_of({"messages": ["a"], "signals": [{"name": "b", "at": "P1D"}]}).sendings
    assert (message.kind, message.name, message.planned) == ("message", "a", False)
    assert (signal.kind, signal.at, signal.planned) == ("signal", duration("P1D"), True)


@pytest.mark.parametrize(
    ("read", "sentence"),
    [
        ([], "答案文件 应为对象"),
        ({"task": {}}, "有不认识的词：task"),
        ({"answers": []}, "answers 应为对象"),
        ({"answers": {"u": 3}}, "answers.u 应为对象，但是 3"),
        ({"answers": {"u": {"$late": 1}}}, "answers.u 有不认识的词：$late"),
        ({"answers": {"u": {"$after": "soon"}}}, "answers.u.$after：时长应写成"),
        ({"answers": {"u": {"$error": 1}}}, "answers.u.$error 应为文字"),
        ({"messages": {}}, "messages 应为列表"),
        ({"messages": [{"payload": {}}]}, "messages 第 1 项 缺少 name"),
        ({"messages": [{"name": "a", "at": "soon"}]}, "messages 第 1 项 的 at：“soon”不是时间"),
        ({"signals": [{"name": "a", "when": 1}]}, "signals 第 1 项 有不认识的词：when"),
        ({"start": {"at": "x"}}, "start.at：“x”不是时间"),
        ({"rules": {"K": 3}}, "rules.K：时长应写成"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(read: Any, sentence: str) -> None:
    with pytest.raises(Refused) as refused:
        answers_of(read)
    assert sentence in str(refused.value)
    assert refused.value.code == 2


@pytest.mark.parametrize(("name", "text"), [("a.toml", "x ="), ("a.json", "{"), ("a.json", "[" * 100_000)])
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, name: str, text: str) -> None:
    path = tmp_path / name
    path.write_text(text)
    with pytest.raises(Refused, match=name):
        read_answers(path)
