"""Traces of a complainant in a text."""

from __future__ import annotations

import pytest

from supervision.identity.traces import traces

SEALED = {
    "name": "金丝雀",
    "phone": "13800007731",
    "email": "jin@example.org",
    "address": "东湖路 12 号",
    "representatives": "百灵鸟\n画眉鸟、布谷鸟",
    "target_person": "王某某",
    "facts": "三月一日我到东湖街道办事处窗口，公示栏里的低保名单还是前年的。",
    "request": "更新名单",
}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("投诉人反映名单没有更新。", []),
        ("金丝雀反映名单没有更新。", ["姓名"]),
        ("联系 138-0000 7731", ["联系电话"]),
        ("联系 \uff11\uff13\uff18\uff10\uff10\uff10\uff10\uff17\uff17\uff13\uff11", ["联系电话"]),
        ("JIN@example.org", ["邮箱"]),
        ("住东湖路12号", ["住址"]),
        ("代表百灵鸟", ["推选代表"]),
        ("代表布谷鸟", ["推选代表"]),
        # a title is nobody's name, and short words of a request are anybody's
        ("王某某应当更新名单", ["被投诉人姓名"]),
        ("三月一日我到东湖街道办事处窗口,公示栏里的低保名单还是前年的", ["事实经过原文"]),
    ],
)
def test_a_trace_is_found_however_it_is_written(text: str, found: list[str]) -> None:
    assert traces(text, SEALED) == found


@pytest.mark.parametrize("nobody", ["工作人员", "某局长", "不清楚", "窗口人员"])
def test_a_title_instead_of_a_name_is_no_trace(nobody: str) -> None:
    assert traces(f"{nobody}态度不好", {"target_person": nobody}) == []


def test_values_inside_lists_and_tables_are_looked_for() -> None:
    assert traces("代表百灵鸟", {"representatives": [{"name": "百灵鸟"}]}) == ["推选代表"]


def test_nothing_sealed_leaves_no_trace() -> None:
    assert traces("任何文字", {}) == []
    assert traces("任何文字", {"name": "", "joint_count": 3}) == []
