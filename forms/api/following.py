"""随后: which of the tasks that just opened the same person may do next."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import bindparam, select

from engine.errors import NotFound
from engine.store.base import table_of
from engine.store.prepared import Prepared
from engine.store.tables import Task
from engine.task import find_task
from forms.api.bearer import caller, database

MOST = 20
"""A multi-instance may open hundreds; the inbox lists them all."""

_tasks = table_of(Task)
_open = Prepared(
    select(_tasks.c.id).where(_tasks.c.instance_id == bindparam("of"), _tasks.c.status == bindparam("status"))
)


def open_in(instance_id: str) -> list[str]:
    """Ids of the open tasks of an instance."""
    return [task_id for (task_id,) in _open.rows(database(), of=instance_id, status="open")]


def following(opened: Sequence[str]) -> list[dict[str, str]]:
    """Id and name of those the person may do, seen with the person's eyes."""
    session, actor, found = database(), caller().actor, []
    for task_id in opened[:MOST]:
        try:
            task = find_task(session, task_id, actor)
        except NotFound:  # of another case, which the person does not see
            continue
        if task.mine and task.assignee in (None, actor.login):
            found.append({"id": task.id, "name": task.name})
    return found
