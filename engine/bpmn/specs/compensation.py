"""What undoes a sub-process that has no handler of its own: it is opened again with what was done in it."""

from __future__ import annotations

from SpiffWorkflow.util.task import TaskState

from engine.bpmn.specs.block import SubProcess
from engine.bpmn.specs.element import ElementSpec
from engine.bpmn.token import Token
from engine.bpmn.undo import begin_undo, take_done, undone


class Driver(ElementSpec):
    """Undoes, inside a sub-process that is opened again, all that was done there."""

    maps_data = False

    def _run_hook(self, my_task: Token) -> bool | None:
        return begin_undo(my_task, take_done(my_task.workflow))

    def _on_complete(self, my_task: Token) -> None:
        """No element of the diagram, so no news."""
        my_task.workflow.settle()


class Reopened(SubProcess):
    """A completed sub-process while it is undone: by its compensation event sub-process, or step by step."""

    reopens = True
    reports_cancel = False
    maps_data = False  # what it was given then is among the variables kept
    driver: Driver

    def _run_hook(self, my_task: Token) -> bool | None:
        my_task._set_state(TaskState.STARTED)
        scope = my_task.workflow.running.open(self.inner_block, my_task, my_task.data)
        scope.done = my_task.internal_data.pop("inner")
        handler = self.inner_block.undone_by
        if handler is not None and "open" not in my_task.internal_data:
            handler.begin(scope, {})
        else:
            self.driver.begin(scope, {})
        return None

    def _on_complete(self, my_task: Token) -> None:
        """The sub-process itself was told when it completed."""
        undone(my_task)
