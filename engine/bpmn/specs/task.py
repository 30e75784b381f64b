"""Tasks: a person's, a topic's, a script's, a decision's, and abstract ones that run through."""

from __future__ import annotations

from typing import Any

from engine.bpmn import expression
from engine.bpmn.dmn.decide import decide, mapped
from engine.bpmn.dmn.model import Decision
from engine.bpmn.drawing import Element
from engine.bpmn.functions import bpmn_error
from engine.bpmn.propagate import fail
from engine.bpmn.specs.element import ElementSpec
from engine.bpmn.token import Token
from engine.bpmn.values import storable
from engine.errors import BpmnError, ExpressionError


class AbstractTask(ElementSpec):
    """A plain bpmn:task says that something happens, not what: its token runs through."""


class PersonTask(ElementSpec):
    """userTask and manualTask: READY until somebody completes it."""

    reports_cancel = True

    def __init__(self, block: Any, element: Element, suffix: str = "") -> None:
        super().__init__(block, element, suffix)
        self.manual = True


class TopicTask(ElementSpec):
    """Service, send or business rule task with a topic: STARTED until its handler answered."""

    reports_cancel = True

    def _run_hook(self, my_task: Token) -> bool | None:
        return None


class ScriptTask(ElementSpec):
    """Assigns variables, or throws a BPMN error."""

    def _run_hook(self, my_task: Token) -> bool | None:
        functions = my_task.workflow.running.functions(my_task.data) | {"bpmn_error": bpmn_error}
        try:
            expression.execute(self.element.script or "", my_task.data, functions)
        except BpmnError as error:
            fail(my_task, error.code, error.message)
            return None
        except ExpressionError as error:
            raise my_task.failure(f"脚本：{error}") from error
        return True


class DecisionTask(ElementSpec):
    """Business rule task: a decision table of the bundle answers."""

    decision: Decision

    def _run_hook(self, my_task: Token) -> bool | None:
        functions = my_task.workflow.running.functions(my_task.data)
        try:
            answer = decide(self.decision, my_task.data, functions)
            my_task.data.update(storable(mapped(self.decision, answer, self.element.result)))
        except ExpressionError as error:
            raise my_task.failure(f"决策“{self.decision.name or self.decision.id}”：{error}") from error
        return True
