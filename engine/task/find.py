"""Who may work on which task: one condition for lists, the same rule for a single task."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session

from engine.actor import Actor
from engine.errors import AlreadyCompleted, Conflict, NotAllowed, NotFound
from engine.store.tables import Task, TaskCandidate


def candidate_condition(actor: Actor) -> ColumnElement[bool]:
    """Tasks that `actor` could claim by role, unit or name."""
    roles = [
        and_(
            TaskCandidate.kind == "role", TaskCandidate.value == role, TaskCandidate.unit_code.in_(("", unit))
        )
        if unit
        else and_(TaskCandidate.kind == "role", TaskCandidate.value == role)
        for role, unit in sorted(actor.roles)
    ]
    person = and_(TaskCandidate.kind == "user", TaskCandidate.value == actor.login)
    return exists(select(TaskCandidate.task_id).where(TaskCandidate.task_id == Task.id, or_(person, *roles)))


def may_work(session: Session, task: Task, actor: Actor) -> bool:
    """Whether `actor` is the assignee or a candidate of the task."""
    if actor.kind == "system" or task.assignee == actor.login:
        return True
    return bool(session.scalar(select(Task.id).where(Task.id == task.id, candidate_condition(actor))))


def open_task(session: Session, task_id: str, actor: Actor) -> Task:
    """The open task, if `actor` may work on it.

    Raises:
        NotFound: no such task, or not visible to the session's viewer.
        AlreadyCompleted, Conflict: it is not open any more.
        NotAllowed: the actor is neither assignee nor candidate.
    """
    task = session.scalars(select(Task).where(Task.id == task_id)).first()
    if task is None:
        raise NotFound(f"Expected user task {task_id}, but there is none")
    if not may_work(session, task, actor):
        raise NotAllowed(f"“{task.name}”不由您办理：请回到待办列表")
    if task.status == "completed":
        raise AlreadyCompleted(task.id, task.completed_by or "", task.ended_at)
    if task.status != "open":
        raise Conflict(f"“{task.name}”已随流程取消，无需再办")
    return task
