"""中止计时、恢复计时: what the head of the handling body may do to a period, with reasons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.actor import Actor
from engine.deadline.shanghai import day_in_words
from engine.errors import InvalidData, NotAllowed, NotFound
from engine.instance import Context, clock
from engine.instance.advance import advance
from engine.instance.course import told_of
from engine.store.tables import Deadline, Instance, Task
from engine.store.tables.task import OPEN
from supervision.case.assign import acting_role
from supervision.case.find import case_of_deadline, find_case
from supervision.guards.leaks import naming
from supervision.identity.key import Keys
from supervision.notice import notify
from supervision.notice.naming import called
from supervision.notice.task_opened import people_of
from supervision.organisation.grants import role_label

OTHER = "中止"
GROUNDS: Mapping[str, str] = {
    "第三方意见": "《政府信息公开条例》第三十二条、第三十三条",
    "公告送达": "《民事诉讼法》第九十五条（参照）",
    OTHER: "",
}
"""Ground → the clause that allows it; '' where a person names it. Source: DOMAIN 7.1."""
MIN_REMARK, MAX_REMARK, MAX_CLAUSE = 4, 500, 100


@dataclass(frozen=True)
class Asked:
    """A suspension as it is asked for. `on` None is today; `clause` '' that of the ground."""

    ground: str
    remark: str
    clause: str = ""
    on: date | None = None


def refusal(session: Session, row: Deadline, actor: Actor) -> str:
    """Why the actor may not stop or start this clock; '' when they may.

    The head of the body that handles the case decides: who hurries does not hold the clock.
    """
    role = acting_role(find_case(session, row.instance_id) or case_of_deadline(session, row.id), "DCS_LEAD")
    if any(held == role for held, _ in actor.roles):
        return ""
    return f"计时的中止和恢复由{role_label(session, role)}决定"


def suspend_clock(
    session: Session,
    context: Context,
    keys: Keys,
    deadline_id: str,
    asked: Asked,
    *,
    actor: Actor,
    now: datetime,
) -> Deadline:
    """Stops the clock of a period and tells the people who work under it. The caller commits.

    `keys` open the vault: what is written for all to read must not say who complained.

    Raises:
        NotFound: not there, or not visible. NotAllowed: another decides. Conflict, DeadlineClosed: it cannot
        be suspended now. InvalidData: `ground`, `clause`, `remark` or `on`.
    """
    row = _allowed(session, deadline_id, actor)
    wrong = _remark(asked.remark, "中止的具体情况，例如向谁征求意见、何时发出")
    if asked.ground not in GROUNDS:
        wrong["ground"] = [f"请选择中止的事由：{'、'.join(GROUNDS)}。"]
    clause = asked.clause.strip() or GROUNDS.get(asked.ground, "")
    if asked.ground == OTHER and not clause:
        wrong["clause"] = ["请写明依据，例如《行政处罚法》第六十六条。"]
    if wrong := wrong or _naming(session, keys, row, actor, {"remark": asked.remark, "clause": clause}):
        raise InvalidData(wrong)
    moved = clock.suspend(
        session, context, row.id, reason=asked.ground, clause=clause[:MAX_CLAUSE],
        remark=asked.remark.strip(), on=asked.on, actor=actor, now=now,
    )  # fmt: skip
    return _settled(session, context, moved, f"自 {_since(session, row)}起中止（{asked.ground}）", actor, now)


def resume_clock(
    session: Session,
    context: Context,
    keys: Keys,
    deadline_id: str,
    remark: str,
    on: date | None = None,
    *,
    actor: Actor,
    now: datetime,
) -> Deadline:
    """Lets the clock run again and tells the people who work under it. The caller commits.

    Raises:
        NotFound, NotAllowed, Conflict as `suspend_clock`. InvalidData: `remark` or `on`.
    """
    row = _allowed(session, deadline_id, actor)
    wrong = _remark(remark, "恢复的原因，例如何时收到答复")
    if wrong := wrong or _naming(session, keys, row, actor, {"remark": remark}):
        raise InvalidData(wrong)
    moved = clock.resume(session, context, row.id, reason=remark.strip(), on=on, actor=actor, now=now)
    words = f"恢复计时，改于 {day_in_words(moved.row.due_on)}届满"
    return _settled(session, context, moved, words, actor, now)


def resumed_today(session: Session, context: Context, row: Deadline, now: datetime) -> date:
    """The day a suspended period would end on if its clock ran again today. Changes nothing."""
    return clock.would_end(session, context, row, now)


def _allowed(session: Session, deadline_id: str, actor: Actor) -> Deadline:
    row = session.scalars(select(Deadline).where(Deadline.id == deadline_id)).first()
    if row is None:
        raise NotFound(f"Expected a deadline {deadline_id}, but there is none")
    if why := refusal(session, row, actor):
        raise NotAllowed(why)
    return row


def _remark(text: str, wanted: str) -> dict[str, list[str]]:
    if MIN_REMARK <= len(text.strip()) <= MAX_REMARK:
        return {}
    return {"remark": [f"请写明{wanted}（{MIN_REMARK} 至 {MAX_REMARK} 个字）。"]}


def _naming(
    session: Session, keys: Keys, row: Deadline, actor: Actor, texts: Mapping[str, str]
) -> dict[str, list[str]]:
    """To who may not know the complainant nothing is said: it would confirm a guess."""
    case = find_case(session, row.instance_id)
    return naming(session, keys, case, texts.items(), actor) if case else {}


def _since(session: Session, row: Deadline) -> str:
    lasts = told_of(session, row.id).course.suspended
    assert lasts is not None  # it has just been suspended
    return day_in_words(lasts.since)


def _settled(
    session: Session, context: Context, moved: clock.Moved, words: str, actor: Actor, now: datetime
) -> Deadline:
    """Arms the timers and tells the people; one notice per person, task and day of the act."""
    for work in moved.after:
        advance(session, context, work, actor=actor, now=now)
    row = session.get_one(Deadline, moved.row.id, populate_existing=True)
    number = called(session.get_one(Instance, row.instance_id))
    tasks = session.scalars(select(Task).where(Task.deadline_id == row.id, Task.status == OPEN)).all()
    for task in tasks:
        text = f"{number}“{task.name}”的期限{words}"
        key = f"clock:{row.id}:{row.status}:{now.isoformat()}:{task.id}"
        people = people_of(session, task, now) - {actor.login}
        notify(session, people, text, f"/task/{task.id}", now, key[:120])
    return row
