"""Finds a task and everything its page shows, through the person's eyes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.actor import Actor
from engine.bpmn.program import Node
from engine.errors import NotFound
from engine.instance import task_view
from engine.store.tables import Instance, Task
from engine.task import may_work
from forms.database import acting
from forms.form_files import form_of
from forms.schema import FormFile
from forms.services import now, services
from supervision.case.find import related_case
from supervision.case.table import Case

EMPTY_FORM = b'{"type": "default", "components": []}'
"""A task without a form is confirmed with its button alone."""


@dataclass(frozen=True)
class Work:
    """An open task that the person may do."""

    task: Task
    instance: Instance
    case: Case | None
    """The case that the task is about; an extension's is the one whose period it is."""
    node: Node
    form: FormFile
    data: dict[str, Any]
    """Variables of the case, as the task sees them."""


def task_row(session: Session, task_id: str) -> Task:
    """Raises NotFound when there is none or it is not visible."""
    task = session.scalars(select(Task).where(Task.id == task_id)).first()
    if task is None:
        raise NotFound(f"Expected user task {task_id}, but there is none")
    return task


def is_mine(session: Session, task: Task, actor: Actor) -> bool:
    """Whether the form may be offered: a candidate, and nobody else has claimed it."""
    return may_work(session, task, actor) and task.assignee in (None, actor.login)


def load_work(session: Session, task: Task) -> Work:
    """Reads what the form needs. Raises NotFound when the task is not open any more."""
    context = services().context
    with acting(session):  # the variables lie in the engine's state, which belongs to nobody's scope
        view = task_view(session, context, task, now())
    instance = session.get_one(Instance, task.instance_id)
    form = (
        form_of(session, instance.definition_id, task.form)
        if task.form
        else FormFile.parse(EMPTY_FORM, task.element_id)
    )
    return Work(task, instance, related_case(session, instance, view.data), view.node, form, view.data)
