"""Serves the service tasks of a step: a handler answers, throws a BPMN error, or asks for patience.

Who asks for patience (`TryLater`) has what it wrote taken back; its task waits, and a job serves it later.
When it has asked too often, the step fails and becomes an incident.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from engine.bpmn.execution import OpenTask
from engine.bpmn.patience import next_try, waits_first
from engine.errors import BpmnError, EngineError, ExpressionError, StepFailed, TryLater
from engine.instance.commands import ServeTask
from engine.instance.context import ServiceCall
from engine.instance.step import Step
from engine.instance.undo import Undo
from engine.store.jobs import put_job

_log = logging.getLogger(__name__)


def run(step: Step, undo: Undo) -> None:
    """Applies the command and serves topics until the instance waits."""
    execution, command = step.execution, step.command
    waiting = {task.task_id for task in execution.service_tasks()}
    command.apply(execution)
    if isinstance(command, ServeTask):
        waiting.discard(command.task_id)
    execution.run()
    while ready := [task for task in execution.service_tasks() if task.task_id not in waiting]:
        undo.arm()
        task = ready[0]  # what it changes may end the others
        if not _serve(step, task, undo):
            waiting.add(task.task_id)
        execution.run()


def _serve(step: Step, task: OpenTask, undo: Undo) -> bool:
    """False when it is left to a job."""
    mine = isinstance(step.command, ServeTask) and step.command.task_id == task.task_id
    if not mine and waits_first(task.node.properties):
        _later(step, task, 0, step.now)
        return False
    tries = step.command.tries if isinstance(step.command, ServeTask) and mine else 0
    try:
        result = _asked(step, task, undo)
    except BpmnError as error:
        step.execution.fail_service(task.task_id, error.code, error.message)
        return True
    except TryLater as plea:
        _put_off(step, task, tries, plea)
        return False
    step.services.append((task, result))
    step.execution.complete_service(task.task_id, result)
    return True


def _asked(step: Step, task: OpenTask, undo: Undo) -> Mapping[str, Any]:
    """The handler's answer; what it wrote before TryLater is taken back.

    Raises:
        StepFailed: there is no handler, or it broke. BpmnError, TryLater and what else it raises on purpose.
    """
    handler = step.context.topics.get(task.node.topic or "")
    if handler is None:
        raise StepFailed(task.element_id, f"服务主题“{task.node.topic}”没有登记的处理程序", task.data)
    call = ServiceCall(
        step.instance.id, step.instance.business_key, task.process_id, task.element_id,
        task.node.name, task.data, task.node.properties, step.actor,
        shard=task.shard,
    )  # fmt: skip
    part = undo.part()
    try:
        result = dict(handler(step.session, call, step.now))
    except TryLater:
        part.take_back()
        raise
    except (EngineError, SQLAlchemyError):
        raise
    except Exception as error:  # a broken handler must not lose the case; what it holds may be a secret
        _log.exception("topic %s at %s", task.node.topic, task.element_id)
        sentence = (
            f"服务主题“{task.node.topic}”的处理程序出错（{type(error).__name__}）：请把服务日志交给开发人员"
        )
        raise StepFailed(task.element_id, sentence, task.data) from error
    part.keep()
    step.after.extend(call.after)
    return result


def _put_off(step: Step, task: OpenTask, tries: int, plea: TryLater) -> None:
    try:
        due_at = next_try(task.node.properties, tries, step.now)
    except ExpressionError as error:
        raise StepFailed(task.element_id, f"重试间隔：{error}", task.data) from error
    if due_at is None:
        raise StepFailed(task.element_id, f"试了 {tries + 1} 次仍不成功：{plea}", task.data) from plea
    _later(step, task, tries + 1, due_at)


def _later(step: Step, task: OpenTask, tries: int, due_at: datetime) -> None:
    payload = {"task_id": task.task_id, "shard": task.shard, "tries": tries}
    put_job(
        step.session, f"service:{task.task_id}:{tries}:{step.instance.revision}", "service", payload,
        due_at, step.now, step.instance.id,
    )  # fmt: skip
