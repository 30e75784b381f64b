"""What people, handlers and partners answer in a trial: the answers file, read."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from command.instants import read_instant
from command.say import MISUSED, Refused
from engine.bpmn.iso import Duration, duration
from engine.errors import ExpressionError

GUIDE = """\
答案文件（JSON 或 TOML）可含以下各项，均可不写：
  start    {"event": 开始事件 id, "at": "2026-03-02T09:00", "data": {变量}}
  answers  {元素 id: 答案 或 [答案, …]}    人工任务和服务任务；依次使用，最后一个重复使用
           答案是变量的对象；false 或 null 表示不办理；对象中另可写：
           "$after": "P3D"  开始 3 天后才办理      "$error": "代码"  服务任务抛出 BPMN 错误（可加 "$message"）
           "$fail": "原因"  服务任务失败，成为异常
  topics   {服务主题: 答案 或 [答案, …]}   答案没有按元素给出时使用；都没有时答 {}
  messages [{"name": 消息名, "payload": {变量}, "correlation": 文字}]   有人等待时即送达；
           另写 "after": 元素 id（该元素完成后发出）或 "at": 时间或 "P3D"（自开始算）
  signals  [{"name": 信号名, "payload": {变量}}]   同上
  rules    {期限规则: "P10D"}   图中 due('…') 的期限；不写为 10 天
"""
_TOP = {"start", "answers", "topics", "messages", "signals", "rules"}
_START = {"event", "at", "data"}
_SENDING = {"name", "payload", "correlation", "after", "at"}
_SPECIAL = {"$after", "$error", "$message", "$fail"}


@dataclass(frozen=True)
class Reply:
    """One answer. `left`: nobody gives it. `error`, `fail`: a service task's BPMN error code, or failure."""

    data: Mapping[str, Any] = field(default_factory=dict)
    left: bool = False
    after: Duration | None = None
    error: str | None = None
    text: str = ""
    fail: str | None = None


@dataclass(frozen=True)
class Sending:
    """A message or signal from outside: once awaited, or after an element, or at an instant."""

    kind: str
    name: str
    payload: Mapping[str, Any]
    correlation: str | None = None
    after: str | None = None
    at: datetime | Duration | None = None
    """A span counts from the start."""

    @property
    def planned(self) -> bool:
        """Whether it does not go as soon as somebody waits for it."""
        return self.after is not None or self.at is not None


@dataclass(frozen=True)
class Answers:
    """The whole file."""

    start_event: str | None = None
    start_at: datetime | None = None
    start_data: Mapping[str, Any] = field(default_factory=dict)
    by_element: Mapping[str, Sequence[Reply]] = field(default_factory=dict)
    by_topic: Mapping[str, Sequence[Reply]] = field(default_factory=dict)
    sendings: Sequence[Sending] = ()
    rules: Mapping[str, Duration] = field(default_factory=dict)


def read_answers(path: Path) -> Answers:
    """Raises Refused, saying what is wrong where."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise _wrong(f"读不出 {path}（{error}）") from error
    try:
        read = tomllib.loads(text) if path.suffix == ".toml" else json.loads(text)
    except RecursionError as error:
        raise _wrong(f"{path} 嵌套太深") from error
    except ValueError as error:
        kind = "TOML" if path.suffix == ".toml" else "JSON"
        raise _wrong(f"{path} 不是正确的 {kind}：{error}") from error
    return answers_of(read)


def answers_of(read: Any) -> Answers:
    """The answers of a parsed file. Raises Refused."""
    top = _table(read, "答案文件", _TOP)
    start = _table(top.get("start", {}), "start", _START)
    return Answers(
        start_event=_text(start["event"], "start.event") if "event" in start else None,
        start_at=read_instant(str(start["at"]), "start.at") if "at" in start else None,
        start_data=_table(start.get("data", {}), "start.data"),
        by_element=_replies(top.get("answers", {}), "answers"),
        by_topic=_replies(top.get("topics", {}), "topics"),
        sendings=[
            _sending(kind, item, f"{kind}s 第 {number} 项")
            for kind in ("message", "signal")
            for number, item in enumerate(_list(top.get(f"{kind}s", []), f"{kind}s"), 1)
        ],
        rules={
            key: _duration(value, f"rules.{key}")
            for key, value in _table(top.get("rules", {}), "rules").items()
        },
    )


def _replies(read: Any, where: str) -> dict[str, list[Reply]]:
    return {
        key: [_reply(item, f"{where}.{key}") for item in (value if isinstance(value, list) else [value])]
        for key, value in _table(read, where).items()
    }


def _reply(read: Any, where: str) -> Reply:
    if read is None or read is False:
        return Reply(left=True)
    table = _table(read, where)
    if unknown := {key for key in table if key.startswith("$")} - _SPECIAL:
        raise _wrong(
            f"{where} 有不认识的词：{'、'.join(sorted(unknown))}（可写 {'、'.join(sorted(_SPECIAL))}）"
        )
    return Reply(
        data={key: value for key, value in table.items() if not key.startswith("$")},
        after=_duration(table["$after"], f"{where}.$after") if "$after" in table else None,
        error=_text(table["$error"], f"{where}.$error") if "$error" in table else None,
        text=str(table.get("$message", "")),
        fail=str(table["$fail"]) if "$fail" in table else None,
    )


def _sending(kind: str, read: Any, where: str) -> Sending:
    table = _table({"name": read} if isinstance(read, str) else read, where, _SENDING)
    if "name" not in table:
        raise _wrong(f"{where} 缺少 name")
    at = table.get("at")
    return Sending(
        kind,
        _text(table["name"], f"{where} 的 name"),
        _table(table.get("payload", {}), f"{where} 的 payload"),
        str(table["correlation"]) if "correlation" in table else None,
        _text(table["after"], f"{where} 的 after") if "after" in table else None,
        _duration(at, where)
        if isinstance(at, str) and at.startswith("P")
        else read_instant(str(at), f"{where} 的 at")
        if at is not None
        else None,
    )


def _table(read: Any, where: str, known: set[str] | None = None) -> dict[str, Any]:
    if not isinstance(read, dict):
        raise _wrong(f"{where} 应为对象，但是 {json.dumps(read, ensure_ascii=False, default=str)[:60]}")
    if known is not None and (unknown := set(read) - known):
        raise _wrong(f"{where} 有不认识的词：{'、'.join(sorted(unknown))}（可写 {'、'.join(sorted(known))}）")
    return read


def _list(read: Any, where: str) -> list[Any]:
    if not isinstance(read, list):
        raise _wrong(f"{where} 应为列表")
    return read


def _text(read: Any, where: str) -> str:
    if not isinstance(read, str) or not read:
        raise _wrong(f"{where} 应为文字")
    return read


def _duration(read: Any, where: str) -> Duration:
    try:
        return duration(str(read))
    except ExpressionError as error:
        raise _wrong(f"{where}：{error}") from error


def _wrong(sentence: str) -> Refused:
    return Refused(f"答案文件：{sentence}", MISUSED)
