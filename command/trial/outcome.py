"""How a trial went, as people and programs read it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from command.say import problem_lines
from engine.deadline.shanghai import SHANGHAI
from engine.errors import Problem

WORDS = {
    "completed": "已走完", "waiting": "在等待", "incident": "出了异常", "refused": "流程图不能执行",
}  # fmt: skip
KINDS = {
    "task": "办理",
    "message": "消息",
    "signal": "信号",
    "timer": "到时",
    "service": "服务",
    "other": "其他",
}


@dataclass
class Outcome:
    """Everything a trial tells. `status` is completed, waiting, incident or refused."""

    process: str = ""
    status: str = "refused"
    completed: list[str] = field(default_factory=list)
    """Element ids, in order; an element done twice stands there twice."""
    open: list[str] = field(default_factory=list)
    """Elements where the run stands."""
    data: Mapping[str, Any] = field(default_factory=dict)
    incidents: list[dict[str, Any]] = field(default_factory=list)
    waiting: list[dict[str, Any]] = field(default_factory=list)
    """What could move it on: also boundary events."""
    cancelled: list[str] = field(default_factory=list)
    thrown: list[dict[str, Any]] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)
    instances: list[dict[str, Any]] = field(default_factory=list)
    """More than one when messages or signals started others."""
    problems: Sequence[Problem] = ()
    notes: list[str] = field(default_factory=list)
    started_at: datetime | None = None
    stopped_at: datetime | None = None
    """On the virtual clock."""

    @property
    def good(self) -> bool:
        return self.status in ("completed", "waiting")

    def as_json(self) -> dict[str, Any]:
        """What `--json` prints."""
        told: dict[str, Any] = plain(
            {key: value for key, value in vars(self).items() if key not in ("problems",)}
        )
        return told | {"problems": [vars(problem) for problem in self.problems]}

    def lines(self) -> list[str]:
        """What people read."""
        told = [f"流程 {self.process}：{WORDS[self.status]}" if self.process else WORDS[self.status]]
        told += [f"说明：{note}" for note in self.notes]
        told += problem_lines(self.problems)
        if self.process:
            told.append(f"走过：{' → '.join(self.completed) or '（无）'}")
        told += [_waiting(one) for one in self.waiting]
        if stuck := [element for element in self.open if element not in _ids(self.waiting)]:
            told.append(f"停在：{'、'.join(stuck)}")
        told += [f"发出：{_thrown(one)}" for one in self.thrown]
        told += [f"异常：{one['element'] or '流程'}：{one['message']}" for one in self.incidents]
        if self.process:
            told.append(f"变量：{json.dumps(plain(self.data), ensure_ascii=False)}")
        return told


def plain(value: Any) -> Any:
    """`value` in JSON's kinds; dates and instants as ISO 8601."""
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, datetime):
        return value.astimezone(SHANGHAI).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return value if isinstance(value, (str, int, float, bool, type(None))) else str(value)


def _ids(waiting: Sequence[Mapping[str, Any]]) -> set[str]:
    return {one["element"] for one in waiting}


def _waiting(one: Mapping[str, Any]) -> str:
    what = f"“{one['name']}”" if one.get("name") else plain(one.get("due_at", ""))
    return f"等待：{one['element']}（{KINDS[one['kind']]}{what}）"


def _thrown(one: Mapping[str, Any]) -> str:
    nobody = "本实例之外没有接收者" if one["kind"] == "signal" else "没有接收者"
    reached = f"送达 {'、'.join(one['to'])}" if one["to"] else nobody
    return f"{one['element']} 的{KINDS[one['kind']]}“{one['name']}”，{reached}"
