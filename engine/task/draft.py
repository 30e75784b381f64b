"""暂存: what a person typed and did not submit, kept per task and person."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from engine.actor import Actor
from engine.store.base import table_of
from engine.store.tables import TaskDraft
from engine.task.find import open_task


def save_draft(
    session: Session, task_id: str, data: Mapping[str, Any], *, actor: Actor, now: datetime
) -> TaskDraft:
    """Keeps `data` unchecked, replacing the person's earlier draft. Raises as `open_task`."""
    open_task(session, task_id, actor)
    draft = session.get(TaskDraft, (task_id, actor.login))
    if draft is None:
        draft = TaskDraft(task_id=task_id, login=actor.login)
        session.add(draft)
    draft.data, draft.saved_at = dict(data), now
    session.flush()
    return draft


def draft_of(session: Session, task_id: str, actor: Actor) -> TaskDraft | None:
    """The person's own draft, if any."""
    return session.get(TaskDraft, (task_id, actor.login))


def forget_drafts(session: Session, task_id: str) -> None:
    """Deletes everybody's drafts of a task that is done."""
    table = table_of(TaskDraft)
    session.execute(delete(table).where(table.c.task_id == task_id))
