"""Does a user task of a story as one person, by the form the page would show."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

import engine.task
from command.play.answers import judge
from command.play.compare import open_tasks
from command.play.stage import Stage
from engine.actor import Actor
from engine.errors import NotFound
from engine.instance import task_view
from engine.store.tables import Instance, Task
from forms.form_files import form_of
from supervision.account.table import Account
from supervision.account.viewer import actor_of
from supervision.identity.vault import seal


def complete_as(stage: Stage, task_id: str, login: str, given: Mapping[str, Any]) -> None:
    """Submits `given` and commits. Raises whatever the page would refuse with."""
    now, system = stage.clock.at, stage.system
    with stage.session() as session:
        actor = person(session, login, stage)
        task = engine.task.open_task(session, task_id, actor)
        data = given
        if task.form:
            instance = session.get_one(Instance, task.instance_id)
            case = task_view(session, system.context, task, now).data
            form = form_of(session, instance.definition_id, task.form)
            data, sealed = judge(stage, session, form, given, case=case, instance_id=instance.id, actor=actor)
            if sealed:
                seal(session, system.keys, instance.id, sealed, now)
        engine.task.complete(session, system.context, task.id, data, actor=actor, now=now)
        session.commit()


def task_for(
    stage: Stage, session: Session, instance_id: str, element_id: str, actor: Actor, about: str = ""
) -> Task:
    """The open task of that element that the person may do, or any, so that the refusal says why.

    `about` chooses among parallel ones: see `is_about`.

    Raises:
        NotFound: there is none; the sentence names what waits instead.
    """
    rows = open_tasks(session, instance_id)
    found = [task for task in rows if task.element_id == element_id]
    found = [task for task in found if not about or is_about(stage, session, task, about)]
    if not found:
        waiting = "、".join(sorted(task.element_id for task in rows)) or "没有任何任务"
        raise NotFound(f"现在没有{f'关于“{about}”的 ' if about else ' '}{element_id}；正在等待的是 {waiting}")
    return next((task for task in found if engine.task.may_work(session, task, actor)), found[0])


def is_about(stage: Stage, session: Session, task: Task, about: str) -> bool:
    """Whether each word of `about` is the respondent's name or the measure that the task's branch is for."""
    data = task_view(session, stage.system.context, task, stage.clock.at).data
    respondent = data.get("respondent")
    named = respondent if isinstance(respondent, Mapping) else {}
    return set(about.split()) <= {str(named.get("name")), str(data.get("measure"))}


def person(session: Session, login: str, stage: Stage) -> Actor:
    """Raises NotFound: nobody in the district has that login."""
    account = session.get(Account, login)
    if account is None:
        raise NotFound(f"演示区里没有用户“{login}”")
    return actor_of(session, account, stage.clock.at)
