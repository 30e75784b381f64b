"""待办与办理: the inbox of a person, claiming, giving back, completing."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Response, jsonify

import engine.task
from engine.errors import InvalidData
from engine.instance import task_view
from engine.store.tables import Instance, Task
from engine.task import Found
from forms.api.bearer import caller, database
from forms.api.following import following
from forms.api.inbox import COLUMNS, Place
from forms.api.inbox import inbox as find_inbox
from forms.api.paging import decode, page
from forms.api.resource import Resource
from forms.api.schemas.task import ID, Answer, Completed, TaskLine, TaskPage, TaskQuery, TaskWhole
from forms.database import acting
from forms.finish import finish
from forms.form_files import form_of
from forms.pages.case.access import open_case
from forms.pages.task.load import EMPTY_FORM, is_mine, load_work, task_row
from forms.schema import FormFile
from forms.services import now, services, today
from forms.sources import PageSources

resource = Resource("tasks", __name__, description="待办、签收、办理")


@resource.operation("GET", "/tasks", scope="tasks:read", query=TaskQuery, gives=TaskPage)
def list_tasks(query: dict[str, Any]) -> Response:
    """待办列表

    密钥所属人员已签收的和可以签收的任务，最紧急的在前，没有期限的在后。
    """
    place = decode(query["after"], datetime, str)
    lines = find_inbox(
        database(), caller().actor, caller().viewer, after=Place(*place) if place else None,
        limit=query["limit"] + 1, instance_id=query["instance_id"],
    )  # fmt: skip
    # plain values already: going through them field by field takes longer than finding them
    return jsonify(page(lines, query["limit"], lambda line: (line["due_at"], line["id"])))


@resource.operation("GET", "/tasks/<task_id>", scope="tasks:read", gives=TaskWhole, problems=(404,))
def get_task(task_id: str) -> dict[str, Any]:
    """一项任务

    由其办理的待办任务连同表单和已有的内容；其他看得到的任务只有基本信息。
    """
    session, task = database(), task_row(database(), task_id)
    open_case(session, task.instance_id, caller())
    mine = task.status == "open" and is_mine(session, task, caller().actor)
    whole = _line(task, session.get_one(Instance, task.instance_id)) | {
        "ended_at": task.ended_at, "completed_by": task.completed_by, "mine": mine, "components": [],
        "values": {},
    }  # fmt: skip
    if mine:
        work = load_work(session, task)
        whole["components"] = [part.component for part in work.form.components]
        whole["values"] = work.form.initial(work.data)
    return whole


@resource.operation(
    "POST", "/tasks/<task_id>/claim", scope="tasks:write", gives=TaskLine, problems=(404, 409)
)
def claim_task(task_id: str) -> dict[str, Any]:
    """签收

    已由自己签收的，再签收不变。
    """
    session = database()
    task = engine.task.claim(session, services().context, task_id, actor=caller().actor, now=now())
    return _line(task, session.get_one(Instance, task.instance_id))


@resource.operation(
    "POST", "/tasks/<task_id>/unclaim", scope="tasks:write", gives=TaskLine, problems=(404, 409)
)
def unclaim_task(task_id: str) -> dict[str, Any]:
    """退签

    任务回到可以签收它的人那里。
    """
    session = database()
    task = engine.task.unclaim(session, task_id, actor=caller().actor, now=now())
    return _line(task, session.get_one(Instance, task.instance_id))


@resource.operation(
    "POST", "/tasks/<task_id>/complete", scope="tasks:write", body=Answer, gives=Completed,
    problems=(404, 409), takes={"data": {"route": "受理", "reason": "要素齐全。"}},
    example={"id": ID, "instance_id": ID, "next": [{"id": ID, "name": "起草告知书"}]},
)  # fmt: skip
def complete_task(body: dict[str, Any], task_id: str) -> dict[str, Any]:
    """办理（提交）

    内容按任务的表单检查，规则与页面相同；流程随即前进到下一处等待。
    """
    session, actor = database(), caller().actor
    task = engine.task.find_task(session, task_id, actor)
    engine.task.check_open(task)
    process_data, sealed = _checked(task, body["data"])
    done = finish(session, task_id, task.instance_id, process_data, sealed, actor=actor, found=task)
    return {"id": task_id, "instance_id": task.instance_id, "next": following(done.moved.opened)}


def _checked(task: Found, data: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """(answers for the process, answers to be sealed). Raises InvalidData by ``data.field``."""
    session = database()
    if task.form:
        form = form_of(session, task.definition_id, task.form)
    else:
        form = FormFile.parse(EMPTY_FORM, task.element_id)
    clean, errors = form.check(
        data,
        sources=PageSources(session, task.instance_id, data=lambda: _variables(task)),
        today=today(),
        data=_variables(task) if form.reads_case else {},
    )
    if errors:
        raise InvalidData({f"data.{name}" if name else "data": [text] for name, text in errors.items()})
    return form.split(clean)


def _variables(task: Found) -> dict[str, Any]:
    with acting(database()):  # the variables lie in the engine's state, which belongs to nobody's scope
        return task_view(database(), services().context, task_row(database(), task.id), now()).data


def _line(task: Task, instance: Instance) -> dict[str, Any]:
    values = {name: getattr(task, name) for name in COLUMNS}
    return {**values, "title": instance.title, "business_key": instance.business_key}
