"""Short BPMN for tests: elements as XML, flows as ``a > b``, and a case saved after every step."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from engine.bpmn.compile import compile_bundle
from engine.bpmn.execution import Execution, StepEnv
from engine.bpmn.program import Program

NOW = datetime(2026, 9, 1, 2, 0, tzinfo=UTC)
DIAGRAMS = Path(__file__).parent / "diagrams"
HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"'
    ' xmlns:camunda="http://camunda.org/schema/1.0/bpmn"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" targetNamespace="http://example.org">'
)
MESSAGES = '<message id="m_more" name="msg_more"/><message id="m_stop" name="msg_stop"/>'
_FLOW = re.compile(r"^\s*(\S+)\s*>\s*(\S+?)(?:\s*\[(.*)\])?\s*$", re.MULTILINE)


def flows(text: str) -> str:
    """``a > b`` and ``a > b [condition]``, one a line or separated by ``; ``."""
    return "".join(
        f'<sequenceFlow id="f{n}_{source}_{target}" sourceRef="{source}" targetRef="{target}">'
        + (f"<conditionExpression><![CDATA[{condition}]]></conditionExpression>" if condition else "")
        + "</sequenceFlow>"
        for n, (source, target, condition) in enumerate(_FLOW.findall(text.replace("; ", "\n")))
    )


def process(elements: str, lines: str, *, id: str = "p", attributes: str = "", rest: str = "") -> bytes:
    """A file with one executable process."""
    return (
        f'{HEAD}{MESSAGES}{rest}<process id="{id}" name="流程" isExecutable="true" {attributes}>'
        f"{elements}{flows(lines)}</process></definitions>"
    ).encode()


def user(id: str, inside: str = "", attributes: str = "") -> str:
    """A user task."""
    return f'<userTask id="{id}" name="{id}" {attributes}>{inside}</userTask>'


def catch(id: str, definition: str) -> str:
    """An intermediate catch event."""
    return f'<intermediateCatchEvent id="{id}">{definition}</intermediateCatchEvent>'


def throw(id: str, definition: str) -> str:
    """An intermediate throw event."""
    return f'<intermediateThrowEvent id="{id}">{definition}</intermediateThrowEvent>'


def boundary(id: str, host: str, definition: str, *, interrupting: bool = True) -> str:
    """A boundary event."""
    cancels = "true" if interrupting else "false"
    return (
        f'<boundaryEvent id="{id}" attachedToRef="{host}" cancelActivity="{cancels}">'
        f"{definition}</boundaryEvent>"
    )


def block(id: str, inside: str, lines: str, attributes: str = "") -> str:
    """An embedded sub-process."""
    return f'<subProcess id="{id}" name="{id}" {attributes}>{inside}{flows(lines)}</subProcess>'


def handler(definition: str, *, interrupting: bool = True, id: str = "handler", task: str = "h") -> str:
    """An event sub-process with one user task."""
    interrupts = "true" if interrupting else "false"
    start = f'<startEvent id="{id}_s" isInterrupting="{interrupts}">{definition}</startEvent>'
    inside = f'{start}{user(task)}<endEvent id="{id}_e"/>'
    return block(id, inside, f"{id}_s > {task}; {task} > {id}_e", 'triggeredByEvent="true"')


def undoable(id: str, inside: str = "") -> str:
    """A user task with a user task that undoes it."""
    return (
        user(id, inside)
        + boundary(f"{id}_b", id, "<compensateEventDefinition/>")
        + user(f"undo_{id}", attributes='isForCompensation="true"')
        + f'<association id="{id}_as" sourceRef="{id}_b" targetRef="undo_{id}"/>'
    )


def own_undoing(inside: str, lines: str) -> str:
    """A compensation event sub-process."""
    start = '<startEvent id="us"><compensateEventDefinition/></startEvent><endEvent id="ue"/>'
    return block("undoing", start + inside, lines, 'triggeredByEvent="true"')


def extensions(**properties: str) -> str:
    """Extension properties."""
    inside = "".join(
        f'<camunda:property name="{name}" value="{value}"/>' for name, value in properties.items()
    )
    return f"<extensionElements><camunda:properties>{inside}</camunda:properties></extensionElements>"


START, END = '<startEvent id="s"/>', '<endEvent id="e"/>'


def program(*files: bytes, called: tuple[bytes, ...] = ()) -> Program:
    """One bundle."""
    return compile_bundle(
        {f"f{n}.bpmn": content for n, content in enumerate(files)},
        [{f"c{n}.bpmn": content} for n, content in enumerate(called)],
    )


def diagram(name: str) -> Program:
    """A file of the folder ``diagrams``."""
    path = DIAGRAMS / f"{name}.bpmn"
    return compile_bundle({path.name: path.read_bytes()})


def due_in_ten_days(key: str, data: Mapping[str, Any], start: Any) -> datetime:
    """Every rule falls due ten days after `NOW`."""
    return NOW + timedelta(days=10)


class Case:
    """An instance between steps: each call loads the stored bytes, acts, runs and saves."""

    def __init__(self, program: Program, process_id: str = "p", *, save: bool = True, **data: Any) -> None:
        self.program, self.process_id, self.now = program, process_id, NOW
        self.shards: dict[str, bytes] = {}
        self.history: list[str] = []
        self.cancelled: list[str] = []
        self.thrown: list[tuple[str, dict[str, Any]]] = []
        self.execution: Execution | None = None
        self._save = save
        self.begin(**data)

    def begin(self, start_event: str | None = None, **data: Any) -> Execution:
        execution = Execution.start(self.program, self.process_id, data, self.env, start_event)
        return self.finish(execution)

    @property
    def env(self) -> StepEnv:
        return StepEnv(now=self.now, due=due_in_ten_days)

    @property
    def ex(self) -> Execution:
        """The instance as stored, or with ``save=False`` the one that never left memory."""
        if not self._save and self.execution is not None:
            return self.execution
        return self.loaded()

    def loaded(self) -> Execution:
        wanted = sorted((key for key in self.shards if key), key=lambda key: self.depth(key))
        return Execution.load(self.program, self.process_id, self.shards, self.env, wanted)

    def depth(self, shard: str) -> int:
        return 1 + self.depth(self.parents[shard]) if shard else 0

    def finish(self, execution: Execution) -> Execution:
        """Runs and saves."""
        if self.execution is not execution:
            self._told = (0, 0, 0)
        execution.run()
        changed, gone = execution.dump()
        self.shards.update(changed)
        for shard in gone:
            del self.shards[shard]
        self.parents = execution.parents
        done, cancelled, thrown = self._told
        self.history += [entry.element_id for entry in execution.completed[done:]]
        self.cancelled += [entry.element_id for entry in execution.cancelled[cancelled:]]
        self.thrown += [(entry.message, entry.payload) for entry in execution.thrown[thrown:]]
        self._told = (len(execution.completed), len(execution.cancelled), len(execution.thrown))
        self.execution = execution
        return execution

    # what people do

    def open(self) -> list[str]:
        """Ids of open tasks, sorted."""
        return sorted(task.element_id for task in self.ex.open_tasks())

    def do(self, element_id: str, **data: Any) -> None:
        """Somebody completes the (first) open task of that id."""
        execution = self.ex
        task = next(task for task in execution.open_tasks() if task.element_id == element_id)
        execution.complete(task.task_id, data)
        self.finish(execution)

    def wait(self, **span: float) -> list[str]:
        """Time passes; everything due fires, one step each. Returns the ids that fired."""
        self.now += timedelta(**span)
        fired = []
        while True:
            execution = self.ex
            if not self._save:
                execution._running.env = self.env
            due = sorted(
                (t for t in execution.timers() if t.due_at <= self.now), key=lambda timer: timer.due_at
            )
            if not due:
                return fired
            if execution.fire_timer(due[0].task_id):
                fired.append(due[0].element_id)
            self.finish(execution)

    def send(self, message: str, **payload: Any) -> None:
        """A message reaches the token that waits for it."""
        execution = self.ex
        waiting = next(found for found in execution.subscriptions() if found.message == message)
        execution.deliver(waiting.task_id, message, payload)
        self.finish(execution)

    def serve(self, element_id: str, **answer: Any) -> None:
        """A topic's handler answers."""
        execution = self.ex
        task = next(task for task in execution.service_tasks() if task.element_id == element_id)
        execution.complete_service(task.task_id, answer)
        self.finish(execution)
