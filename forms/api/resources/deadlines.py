"""期限: the deadlines of an instance or a task, and the proof of each."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import Response, jsonify
from sqlalchemy import select, tuple_

from engine.errors import NotFound
from engine.store.tables import Deadline
from forms.api.bearer import caller, database
from forms.api.paging import decode, page
from forms.api.resource import Resource
from forms.api.schemas.deadline import DeadlineLine, DeadlinePage, DeadlineProved
from forms.api.schemas.kinds import Page
from forms.pages.case.access import open_case
from forms.pages.task.load import task_row
from forms.services import services
from supervision.deadlines.proof import deadline_of, proved

resource = Resource("deadlines", __name__, description="期限及其逐日证明")


@resource.operation(
    "GET", "/instances/<instance_id>/deadlines", scope="instances:read", query=Page, gives=DeadlinePage,
    problems=(404,),
)  # fmt: skip
def list_deadlines(query: dict[str, Any], instance_id: str) -> dict[str, Any]:
    """期限列表

    一个流程实例的全部期限，先开始的在前，包括已办结和已取消的。
    """
    session = database()
    open_case(session, instance_id, caller())
    rows = select(Deadline).where(Deadline.instance_id == instance_id)
    if place := decode(query["after"], datetime, str):
        rows = rows.where(tuple_(Deadline.started_at, Deadline.id) > tuple_(*place))
    found = session.scalars(rows.order_by(Deadline.started_at, Deadline.id).limit(query["limit"] + 1))
    lines = [{name: getattr(row, name) for name in DeadlineLine().fields} for row in found]
    return page(lines, query["limit"], lambda line: (line["started_at"].astimezone(UTC), line["id"]))


@resource.operation(
    "GET", "/instances/<instance_id>/deadlines/<deadline_id>", scope="instances:read", gives=DeadlineProved,
    problems=(404, 409),
)  # fmt: skip
def get_deadline(instance_id: str, deadline_id: str) -> Response:
    """一项期限及其证明

    与页面导出的文件内容相同，保存后可用 ducha due --verify 离线核对。不能重新计算的回答 409。
    """
    session = database()
    open_case(session, instance_id, caller())
    return _answer(deadline_of(session, instance_id, deadline_id))


@resource.operation(
    "GET", "/tasks/<task_id>/deadline", scope="tasks:read", gives=DeadlineProved, problems=(404, 409)
)
def get_task_deadline(task_id: str) -> Response:
    """任务的期限及其证明

    任务所属的最近的一项期限。没有期限的回答 404。
    """
    session, task = database(), task_row(database(), task_id)
    open_case(session, task.instance_id, caller())
    if task.deadline_id is None:
        raise NotFound(f"任务“{task.name}”没有期限")
    return _answer(deadline_of(session, task.instance_id, task.deadline_id))


def _answer(row: Deadline) -> Response:
    """As it is: one member more or less, and the digest would not fit."""
    return jsonify(proved(database(), services().context, row))
