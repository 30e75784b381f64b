"""Random diagrams full of events: saved and loaded after every step, they go the way of one never saved."""

from __future__ import annotations

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.bpmn.program import Program
from engine.errors import StepFailed
from tests.unit.bpmn.drawn import (
    START,
    Case,
    block,
    boundary,
    handler,
    process,
    program,
    throw,
    undoable,
    user,
)

REST = (
    '<signal id="sig" name="停办"/><error id="err" errorCode="E1"/><escalation id="esc" escalationCode="X1"/>'
)
MESSAGE = '<messageEventDefinition messageRef="m_more"/>'
SIGNAL = '<signalEventDefinition signalRef="sig"/>'
TIMER = "<timerEventDefinition><timeDuration>P2D</timeDuration></timerEventDefinition>"
CYCLE = "<timerEventDefinition><timeCycle>R2/P1D</timeCycle></timerEventDefinition>"
CONDITION = "<conditionalEventDefinition><condition>level &gt; 2</condition></conditionalEventDefinition>"
ERROR = '<errorEventDefinition errorRef="err"/>'
ESCALATION = '<escalationEventDefinition escalationRef="esc"/>'
UNDO = "<compensateEventDefinition/>"
WAITED = (MESSAGE, SIGNAL, TIMER, CONDITION)


KINDS = (("task", "undoable", "throw"), ("task", "undoable", "throw", "block", "block"))
"""Innermost, and around that."""


class Drawer:
    """Draws one process from random choices; ids are numbered."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw, self.count = draw, 0

    def id(self, prefix: str) -> str:
        self.count += 1
        return f"{prefix}{self.count}"

    def flag(self) -> bool:
        return self.draw(st.booleans())

    def sequence(self, depth: int, first: str) -> tuple[str, str]:
        """Steps one after the other, begun by `first`, and what handles events in the scope."""
        inside, lines, last = "", "", first
        kinds = [self.draw(st.sampled_from(KINDS[depth > 0])) for _ in range(self.draw(st.integers(1, 3)))]
        if "undoable" in kinds:
            kinds.append("undo")
        for kind in kinds:
            id = self.id(kind[0])
            inside += self.element(kind, id, depth)
            lines += f"{last} > {id}\n"
            if kind in ("task", "block") and self.flag():
                added, more = self.boundary(id, kind == "block")
                inside, lines = inside + added, lines + more
            last = id
        end = self.id("e")
        definition = ERROR if depth < 2 and self.draw(st.integers(0, 3)) == 1 else ""
        inside += f'<endEvent id="{end}">{definition}</endEvent>'
        return inside + self.handlers(), f"{lines}{last} > {end}\n"

    def element(self, kind: str, id: str, depth: int) -> str:
        if kind == "undoable":
            return undoable(id)
        if kind == "throw":
            return throw(id, self.draw(st.sampled_from((SIGNAL, ESCALATION))))
        if kind == "undo":
            return throw(id, UNDO)
        return self.block(id, depth - 1) if kind == "block" else user(id)

    def block(self, id: str, depth: int) -> str:
        start = self.id("s")
        inside, lines = self.sequence(depth, start)
        several = (
            "<multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality>"
            "</multiInstanceLoopCharacteristics>"
        )
        again = several if self.draw(st.integers(0, 3)) == 0 else ""
        return block(id, f'{again}<startEvent id="{start}"/>{inside}', lines)

    def boundary(self, host: str, opens: bool) -> tuple[str, str]:
        event, task = self.id("b"), self.id("h")
        kinds = (*WAITED, ERROR, ESCALATION) if opens else WAITED
        kind = self.draw(st.sampled_from(kinds))
        interrupting = kind == ERROR or self.flag()
        return (
            boundary(event, host, kind, interrupting=interrupting) + user(task),
            f"{event} > {task}\n",
        )

    def handlers(self) -> str:
        kinds = self.draw(
            st.lists(st.sampled_from((*WAITED, CYCLE, ERROR, ESCALATION)), max_size=2, unique=True)
        )
        return "".join(
            handler(
                kind,
                id=self.id("x"),
                task=self.id("y"),
                interrupting=kind != CYCLE and (kind == ERROR or self.flag()),
            )
            for kind in kinds
        )


@st.composite
def programs(draw: st.DrawFn) -> Program:
    inside, lines = Drawer(draw).sequence(2, "s")
    return program(process(START + inside, lines, rest=REST))


THINGS = ("do", "do", "do", "do", "do", "send", "signal", "wait", "raise")
ACTIONS = st.lists(st.tuples(st.sampled_from(THINGS), st.integers(0, 99)), max_size=40)


def act(case: Case, action: str, number: int) -> str:
    """One thing happens; a step that fails leaves the case as it was."""
    opened = case.open()
    try:
        if action in ("do", "raise") and opened:
            level = {"level": number % 5} if action == "raise" else {}
            case.do(opened[number % len(opened)], **level)
        elif action == "wait":
            return str(case.wait(days=number % 3 + 1))
        elif action in ("send", "signal"):
            name = "msg_more" if action == "send" else "停办"
            if any(waiting.message == name for waiting in case.ex.subscriptions()):
                case.send(name, number=number)
    except StepFailed as failure:
        return f"{failure.element_id}: {failure.reason}"
    return ""


def state(case: Case) -> object:
    execution = case.ex
    return (
        case.open(),
        Counter(case.history),
        Counter(case.cancelled),
        execution.data,
        sorted((timer.element_id, timer.due_at) for timer in execution.timers()),
        sorted(waiting.element_id for waiting in execution.subscriptions()),
        execution.status,
    )


@settings(max_examples=150, deadline=None)
@given(programs(), ACTIONS)
def test_saving_changes_nothing(compiled: Program, actions: list[tuple[str, int]]) -> None:
    try:
        saved, kept = Case(compiled, level=0), Case(compiled, level=0, save=False)
    except StepFailed:  # an error that nobody catches, before the first task
        return
    assert state(saved) == state(kept)
    for action, number in actions:
        told = act(saved, action, number)
        assert told == act(kept, action, number)
        if ":" in told:
            return  # an incident: the one never saved is spoilt
        assert state(saved) == state(kept)
    if saved.execution.status != "active":
        assert list(saved.shards) == [""]
