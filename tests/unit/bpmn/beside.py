"""Ours, saved and loaded after every step, beside the plain library: the same moves, compared after each."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

from tests.unit.bpmn.drawn import Case, program
from tests.unit.bpmn.plain import Plain
from tests.unit.bpmn.random_diagram import FLAGS, Drawer

Move = tuple[str, str]
AT_ONCE_S = 1


class Beside:
    """Both sides of one diagram. What the two may differ in, and why, stands in `test_library_faults`."""

    def __init__(self, drawer: Drawer, seed: int) -> None:
        data = {f"flag{number}": bool(seed >> number & 1) for number in range(FLAGS)}
        self.drawer, self.chance = drawer, random.Random(seed)
        self.ours = Case(program(drawer.process, called=tuple(drawer.called)), **data)
        self.plain = Plain([drawer.process, *drawer.called], **data)

    def walk(self, steps: int = 60) -> None:
        """Random moves, and the same outcome after each and at the end."""
        self.compare()
        for _ in range(steps):
            moves = self.moves()
            if not moves:
                break
            self.make(*self.chance.choice(moves))
            self.compare()
        self.compare_ends()

    def moves(self) -> list[Move]:
        """What can happen next. Of several tokens at one element all move: which of them is which, the two
        sides number differently."""
        execution, hears = self.ours.ex, self.plain.awaited()
        moves = {("do", task.element_id) for task in execution.open_tasks()}
        moves |= {("serve", task.element_id) for task in execution.service_tasks()}
        moves |= {("send", found.message) for found in execution.subscriptions() if found.message in hears}
        due = sorted((timer.due_at, timer.element_id) for timer in execution.timers())
        first = {name for at, name in due if (at - due[0][0]).total_seconds() < AT_ONCE_S}
        if len(first) == 1:  # of two that are due at once either may interrupt the other
            moves.add(("wait", ""))
        return sorted(moves)

    def make(self, kind: str, name: str) -> None:
        """One move on both sides."""
        ours, execution = self.ours, self.ours.ex
        if kind == "wait":
            due = min(timer.due_at for timer in execution.timers())
            ours.wait(seconds=(due - ours.now).total_seconds())
            self.plain.wait_until(due)
        elif kind == "send":
            for found in execution.subscriptions():
                if found.message == name:
                    loaded = ours.ex
                    loaded.deliver(found.task_id, name, {})
                    ours.finish(loaded)
            self.plain.send(name)
        else:
            tasks = execution.open_tasks() if kind == "do" else execution.service_tasks()
            for task in tasks:
                if task.element_id == name:
                    loaded = ours.ex
                    act = loaded.complete if kind == "do" else loaded.complete_service
                    act(task.task_id, {f"a_{name}": 1})
                    ours.finish(loaded)
            self.plain.all_do(name, kind == "serve", {f"a_{name}": 1})

    def compare(self) -> None:
        """Done, open, served and awaited, each as often. An event gateway the library tells of only when
        its race is over; a non-interrupting message it awaits once."""
        execution = self.ours.ex
        assert _counted(self.ours.history) == _counted(self.plain.history)
        assert self.ours.open() == self.plain.open()
        assert sorted(task.element_id for task in execution.service_tasks()) == self.plain.served()
        told = {f"msg_{name}" for name in self.drawer.told}
        awaited = [found.message for found in execution.subscriptions() if found.message not in told]
        assert sorted(awaited) == [name for name in self.plain.awaited() if name not in told]

    def compare_ends(self) -> None:
        """Status, variables and what was thrown. Beside the library's data stand those it lost when an
        activity was interrupted; a counter that a branch beside overwrote with a stale one is left out."""
        execution = self.ours.execution
        assert execution is not None
        assert execution.status == self.plain.status
        if self.plain.status != "completed":
            return
        assert sorted(name for name, _ in self.ours.thrown) == sorted(self.plain.thrown)
        mine, theirs = execution.data, self.plain.data
        assert {key: value for key, value in mine.items() if key in theirs and key[:2] != "c_"} == {
            key: value for key, value in theirs.items() if key[:2] != "c_"
        }
        assert [key for key in mine if key not in theirs and not self._interrupted(key)] == []
        if not set(self.ours.history) & self.drawer.beside:
            assert all(mine[key] == theirs[key] for key in theirs)

    def _interrupted(self, key: str) -> bool:
        """Whether something around the element that wrote the variable was interrupted."""
        return bool(set(self.drawer.within[key[2:]]) & set(self.ours.history))


def _counted(history: list[str]) -> Counter[str]:
    return Counter(name for name in history if name[0] != "r")


def outcome(case: Case) -> tuple[Any, ...]:
    """All that a finished or waiting case tells."""
    assert case.execution is not None
    return case.history, case.cancelled, case.thrown, case.execution.status, case.execution.data
