"""Compares a case with what a scenario expects; each difference is a Chinese sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from command.play import ladder
from command.play.stage import Stage
from engine.deadline.light import light
from engine.instance import variables
from engine.store.tables import Deadline, Instance, KeptMessage, Task
from engine.store.visibility import SYSTEM, see_as
from supervision.account.table import Account
from supervision.account.viewer import actor_of, viewer_of_actor
from supervision.case.find import extensions_of, find_case
from supervision.document.table import Delivery, Document

LIGHTS = {"green": "绿", "amber": "黄", "red": "红", "grey": "灰"}


def differences(stage: Stage, session: Session, instance_id: str, expect: Mapping[str, Any]) -> list[str]:
    """Empty when everything is as expected."""
    found: list[str] = []
    for key, wanted in expect.items():
        found += _CHECKS[key](stage, session, instance_id, wanted)
    return found


def _same(what: str, wanted: Any, found: Any) -> Iterator[str]:
    if wanted != found:
        yield f"{what}应为 {_shown(wanted)}，但是 {_shown(found)}"


def _open(stage: Stage, session: Session, instance_id: str, wanted: Any) -> Iterator[str]:
    yield from _same(
        "待办任务", sorted(wanted), sorted(task.element_id for task in open_tasks(session, instance_id))
    )


def _due(stage: Stage, session: Session, instance_id: str, wanted: Any) -> Iterator[str]:
    for key, day in wanted.items():
        row = deadline_of(session, instance_id, key)
        yield from _same(f"期限 {key} 的到期日", str(day), row.due_on.isoformat() if row else None)


def _amber(stage: Stage, session: Session, instance_id: str, wanted: Any) -> Iterator[str]:
    for key, day in wanted.items():
        row = deadline_of(session, instance_id, key)
        found = row.amber_on.isoformat() if row and row.amber_on else None
        yield from _same(f"期限 {key} 的黄灯日", str(day), found)


def _light(stage: Stage, session: Session, instance_id: str, wanted: Any) -> Iterator[str]:
    tasks = {task.element_id: task for task in open_tasks(session, instance_id)}
    for element_id, colour in wanted.items():
        task = tasks.get(element_id)
        covered = session.get(Deadline, task.deadline_id) if task and task.deadline_id else None
        suspended = covered is not None and covered.status == "suspended"
        found = light(covered, stage.clock.at, suspended=suspended) if covered else None
        yield from _same(
            f"{element_id} 的灯", LIGHTS.get(colour, colour), LIGHTS.get(found, found) if found else None
        )


def _status(stage: Stage, session: Session, instance_id: str, wanted: Any) -> Iterator[str]:
    yield from _same("状态", wanted, session.get_one(Instance, instance_id).status)


def _ended(stage: Stage, session: Session, instance_id: str, wanted: Any) -> Iterator[str]:
    yield from _same("结束于", wanted, session.get_one(Instance, instance_id).ended_with)


def _outcome(stage: Stage, session: Session, instance_id: str, wanted: Any) -> Iterator[str]:
    case = find_case(session, instance_id)
    yield from _same("办理结果", wanted, case.outcome if case else None)


def _var(stage: Stage, session: Session, instance_id: str, wanted: Any) -> Iterator[str]:
    data = variables(session, stage.system.context, instance_id, stage.clock.at)
    for name, value in wanted.items():
        yield from _same(f"变量 {name}", value, data.get(name))


def _hidden_from(stage: Stage, session: Session, instance_id: str, wanted: Any) -> Iterator[str]:
    for login in wanted:
        account = session.get(Account, login)
        if account is None:
            yield f"演示区里没有用户“{login}”"
            continue
        viewer = viewer_of_actor(actor_of(session, account, stage.clock.at))
        see_as(session, viewer)
        try:
            seen = session.scalar(select(Instance.id).where(Instance.id == instance_id))
        finally:
            see_as(session, SYSTEM)
        if seen:
            yield f"“{login}”不应看到本案，但是看得到"


def _kept(stage: Stage, session: Session, instance_id: str, wanted: Any) -> Iterator[str]:
    names = session.scalars(
        select(KeptMessage.name).where(KeptMessage.sender_id == instance_id, KeptMessage.status == "kept")
    ).all()
    yield from _same("已发出、留待接收的消息", sorted(wanted), sorted(set(wanted) & set(names)))


def _letters(stage: Stage, session: Session, instance_id: str, wanted: Any) -> Iterator[str]:
    yield from _same("已印发的公文", list(wanted), [row.title for row in _issued(session, instance_id)])


def _delivered(stage: Stage, session: Session, instance_id: str, wanted: Any) -> Iterator[str]:
    reached = set(session.scalars(select(Delivery.document_id).where(Delivery.instance_id == instance_id)))
    found = [row.title for row in _issued(session, instance_id) if row.id in reached]
    yield from _same("已送达的公文", list(wanted), found)


def _issued(session: Session, instance_id: str) -> Sequence[Document]:
    return session.scalars(
        select(Document)
        .where(Document.instance_id == instance_id, Document.status == "issued")
        .order_by(Document.issued_on, Document.drafted_at)
    ).all()


def open_tasks(session: Session, instance_id: str) -> Sequence[Task]:
    """Of the case and of the extensions asked for in it, the oldest first."""
    ids = [instance_id, *(extension.id for extension in extensions_of(session, instance_id))]
    return session.scalars(
        select(Task).where(Task.instance_id.in_(ids), Task.status == "open").order_by(Task.created_at)
    ).all()


def deadline_of(session: Session, instance_id: str, key: str) -> Deadline | None:
    """The one that started last."""
    return session.scalars(
        select(Deadline)
        .where(Deadline.instance_id == instance_id, Deadline.key == key)
        .order_by(Deadline.started_at.desc())
    ).first()


def _shown(value: Any) -> str:
    if value is None:
        return "（没有）"
    if isinstance(value, list):
        return "、".join(str(item) for item in value) or "（没有）"
    return str(value)


Check = Callable[[Stage, Session, str, Any], Iterator[str]]
_CHECKS: Mapping[str, Check] = {
    "open": _open,
    "due": _due,
    "amber": _amber,
    "light": _light,
    "status": _status,
    "ended": _ended,
    "outcome": _outcome,
    "var": _var,
    "hidden_from": _hidden_from,
    "kept": _kept,
    "letters": _letters,
    "delivered": _delivered,
    "cards": lambda stage, session, instance_id, wanted: ladder.cards(session, instance_id, wanted),
    "proposed": lambda stage, session, instance_id, wanted: ladder.proposed(session, instance_id, wanted),
}
