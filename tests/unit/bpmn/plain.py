"""The plain SpiffWorkflow library, in memory, driven as `Case` drives our engine: to compare the two."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from unittest import mock

from lxml import etree
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.specs.control import BpmnStartTask
from SpiffWorkflow.bpmn.specs.event_definitions import MessageEventDefinition, timer
from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import LoopTask
from SpiffWorkflow.bpmn.util import BpmnEvent
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from tests.unit.bpmn.drawn import NOW


class Clock(datetime):
    """What the library's timers take for the time."""

    at = NOW

    @classmethod
    def now(cls, tz: Any = None) -> datetime:
        return cls.at


@contextmanager
def library_time() -> Iterator[None]:
    """The library's timers read `Clock` and begin at `NOW`."""
    Clock.at = NOW
    with mock.patch.object(timer, "datetime", Clock):
        yield


class Plain:
    """One instance. Only within `library_time`."""

    def __init__(self, files: Sequence[bytes], **data: Any) -> None:
        parser = BpmnParser()
        for number, content in enumerate(files):
            parser.add_bpmn_xml(etree.fromstring(content), filename=f"{number}.bpmn")
        self.workflow = BpmnWorkflow(parser.get_spec("p"), parser.get_subprocess_specs("p"))
        self.history: list[str] = []
        begin = self.workflow.get_next_task(state=TaskState.READY)
        assert isinstance(begin.task_spec, BpmnStartTask)
        begin.set_data(**data)
        self._run()

    @property
    def status(self) -> str:
        return "completed" if self.workflow.completed else "active"

    @property
    def data(self) -> dict[str, Any]:
        """Variables where the process ended."""
        return {key: value for key, value in self.workflow.data.items() if key != "data_objects"}

    @property
    def thrown(self) -> list[str]:
        return [event.event_definition.name for event in self.workflow.bpmn_events]

    def open(self) -> list[str]:
        tasks = self.workflow.get_tasks(state=TaskState.READY, manual=True)
        return sorted(task.task_spec.bpmn_id for task in tasks)

    def served(self) -> list[str]:
        return sorted(task.task_spec.bpmn_id for task in self._services())

    def awaited(self) -> list[str]:
        """Names of messages, those of an event gateway's branches too."""
        return sorted(
            definition.name
            for task in self.workflow.event_manager.tasks.values()
            for definition in _definitions(task)
            if isinstance(definition, MessageEventDefinition)
        )

    def all_do(self, element_id: str, service: bool, data: Mapping[str, Any]) -> None:
        """Everybody who has it open completes it, one after another."""
        tasks = self._services() if service else self.workflow.get_tasks(state=TaskState.READY, manual=True)
        for task in [task for task in tasks if task.task_spec.bpmn_id == element_id]:
            task.data.update(data)
            task.complete() if service else task.run()
            self._note(task)
            self._run()

    def send(self, message: str) -> None:
        self.workflow.send_event(BpmnEvent(MessageEventDefinition(message), {}))
        self._run()

    def wait_until(self, moment: datetime) -> None:
        """Timers due at `moment` fire: the library's only after it."""
        Clock.at = moment + timedelta(milliseconds=1)
        self.workflow.refresh_timers()
        Clock.at = moment
        self._run()

    def _services(self) -> list[Task]:
        return [
            task
            for task in self.workflow.get_tasks(state=TaskState.STARTED)
            if type(task.task_spec).__name__ == "ServiceTask"
        ]

    def _run(self) -> None:
        self.workflow.do_engine_steps(did_complete_task=self._note)

    def _note(self, task: Task) -> None:
        """Keeps what our engine would report: an activity of several instances is told by its instances."""
        spec = task.task_spec
        if spec.bpmn_id and task.state == TaskState.COMPLETED and not isinstance(spec, LoopTask):
            self.history.append(spec.bpmn_id)


def _definitions(task: Task) -> list[Any]:
    definition = task.task_spec.event_definition
    return list(getattr(definition, "event_definitions", [definition]))
