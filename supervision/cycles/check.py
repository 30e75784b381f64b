"""What `ducha check` says about cycles.toml beside its own grammar: processes, roles, and what is over."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from engine.errors import InvalidData, Problem
from supervision.cycles.file import FILE, parse_cycles
from supervision.cycles.recur import Cycle


def check_cycles(
    content: str, *, processes: Collection[str], roles: Collection[str], today: date
) -> list[Problem]:
    """All problems of the file; `processes` are keys of bundles and ids of processes, `roles` codes."""
    try:
        cycles = parse_cycles(content)
    except InvalidData as wrong:
        return [
            Problem(key, f"周期“{key}”：{text}" if key else text, file=FILE)
            for key, texts in wrong.errors.items()
            for text in texts
        ]
    return [
        Problem(cycle.key, f"周期“{cycle.name}”：{text}", file=FILE)
        for cycle in cycles
        for text in _wrong(cycle, processes, roles, today)
    ]


def _wrong(cycle: Cycle, processes: Collection[str], roles: Collection[str], today: date) -> list[str]:
    wrong = []
    if cycle.process not in processes:
        wrong.append(f"没有流程“{cycle.process}”：process 应是一个流程文件夹的键，请先画出这个流程")
    wrong += [
        f"start_now 中的“{role}”不在 roles.toml 里：请改成已有的角色"
        for role in sorted(cycle.starters - set(roles))
    ]
    if cycle.last_on < today:
        wrong.append(
            f"已经过去：until 是 {cycle.last_on}，今天是 {today}，再也不会开始；请改 until，或删去这个小节"
        )
    return wrong
