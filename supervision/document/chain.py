"""制发全程: what was said of a draft, and under which seal the document went out. Topics of 公文制发.

Source: DOMAIN C1; 党政机关公文处理工作条例 chapters 5 and 6 (审核, 签发, 用印). A round begins with
the draft: what was said of an earlier one counts no more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.errors import StepFailed
from engine.history.append import append
from engine.instance.context import ServiceCall
from engine.store.tables import HistoryEntry, HistoryPayload, Task
from supervision.document.table import Document

DRAFTING = ("ut_draft",)
ANSWERS = {
    "ut_check": ("check_result", "check_note"),
    "ut_countersign": ("countersign_result", "countersign_note"),
    "ut_legal": ("legal_result", "legal_note"),
}
"""Task that examines a draft → the names of its answer and of what was said."""
AGAINST = ("退回", "有不同意见")


@dataclass(frozen=True)
class Said:
    """One task of the chain as it was done."""

    step: str
    by: str
    at: datetime
    result: str = ""
    note: str = ""


def opinions(session: Session, call: ServiceCall, now: datetime) -> Mapping[str, Any]:
    """Returns examined (nobody is against it) and opinions, one a line, for who drafts or signs next."""
    said = [one for one in said_of(session, call, now) if one.result]
    return {
        "examined": not any(one.result in AGAINST for one in said),
        "opinions": "\n".join(
            f"{one.step}：{one.result}{f'。{one.note}' if one.note else ''}" for one in said
        ),
    }


def seal(session: Session, call: ServiceCall, now: datetime) -> Mapping[str, Any]:
    """用印登记: writes seal_name, copies, sealed_by and sealed_on to the document of doc_id, on record."""
    row = session.get(Document, str(call.data.get("doc_id") or ""), with_for_update=True)
    if row is None or row.status != "issued":
        raise StepFailed(call.element_id, "没有可用印的公文：编号以后、没有作废的才能用印", call.data)
    entered = {name: call.data.get(name) for name in ("seal_name", "copies", "sealed_by", "sealed_on")}
    row.detail = {**row.detail, "seal": {**entered, "entered_by": call.actor.login}}
    append(
        session, row.instance_id, "document.sealed",
        at=now, actor=call.actor, name=row.title, payload={"document": row.id, **entered},
    )  # fmt: skip
    session.flush()
    return {}


def said_of(session: Session, call: ServiceCall, now: datetime) -> Sequence[Said]:
    """What was done about the draft in this round, in order; the task that is being done now comes last."""
    done = _done(session, call)
    drafts = [place for place, (task, _) in enumerate(done) if task.element_id in DRAFTING]
    said = [
        _said(task, task.completed_by or "", task.ended_at or now, answers)
        for task, answers in done[drafts[-1] if drafts else 0 :]
    ]
    doing = session.scalars(
        select(Task).where(
            Task.instance_id == call.instance_id, Task.shard == call.shard, Task.status == "open"
        )
    )
    return [*said, *(_said(task, call.actor.login, now, call.data) for task in doing)]


def _said(task: Task, by: str, at: datetime, answers: Mapping[str, Any]) -> Said:
    result, note = ANSWERS.get(task.element_id, ("", ""))
    about = str(answers.get(result) or "")
    return Said(task.name, by, at, about, str(answers.get(note) or "") if about in AGAINST else "")


def _done(session: Session, call: ServiceCall) -> Sequence[tuple[Task, Mapping[str, Any]]]:
    """Completed tasks of this call with what was entered, in the order of their history: two may share an
    instant."""
    rows = session.execute(
        select(Task, HistoryPayload.content)
        .join(HistoryEntry, (HistoryEntry.task_id == Task.id) & (HistoryEntry.chain == Task.instance_id))
        .join(
            HistoryPayload,
            (HistoryPayload.chain == HistoryEntry.chain) & (HistoryPayload.seq == HistoryEntry.seq),
        )
        .where(
            Task.instance_id == call.instance_id,
            Task.shard == call.shard,
            Task.status == "completed",
            HistoryEntry.kind == "task.completed",
            HistoryPayload.sealed.is_(False),
        )
        .order_by(HistoryEntry.seq)
    )
    return [(task, orjson.loads(content)) for task, content in rows]
