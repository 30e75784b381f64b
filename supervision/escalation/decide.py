"""What a person decides about 约谈 and 线索. No timeout decides anything."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.actor import Actor
from engine.deadline.shanghai import date_of
from engine.errors import Conflict, InvalidData
from engine.instance import Context
from engine.message.publish import publish
from engine.store.tables import Deadline, Instance, Task
from engine.store.tables.task import OPEN
from supervision.case.series import numbered
from supervision.escalation.follow_ups import CLUE, TALK, URGE, checked, lock_open, settle
from supervision.escalation.grounds import GROUNDS, grounds_of
from supervision.escalation.letters import draft_letter
from supervision.escalation.naming import called
from supervision.escalation.table import FollowUp
from supervision.organisation.units import unit_name

MESSAGE = "msg_clue"
ISSUED = "end_issued"
"""How 公文制发 ends when its document went out."""


def accept_talk(
    session: Session, context: Context, follow_id: str, *, reason: str = "", actor: Actor, now: datetime
) -> FollowUp:
    """约谈 is held: its letter is begun. The session sees every row; the caller commits.

    Raises:
        NotFound, NotAllowed, Conflict (decided already, or the letter cannot be begun).
    """
    follow = lock_open(session, follow_id, TALK, actor)
    row = session.get_one(Deadline, follow.deadline_id)
    draft_letter(session, context, follow, row, actor=actor, now=now)
    if follow.letter_id is None:
        raise Conflict(follow.reason)
    settle(session, follow, "done", reason.strip(), actor=actor, now=now)
    return follow


def decline(
    session: Session, follow_id: str, kind: str, reason: str, *, actor: Actor, now: datetime
) -> FollowUp:
    """约谈 is not held, or the clue discarded. Raises NotFound, NotAllowed, Conflict, InvalidData."""
    follow = lock_open(session, follow_id, kind, actor)
    settle(session, follow, "declined", checked(reason), actor=actor, now=now)
    return follow


def confirm_clue(
    session: Session, context: Context, follow_id: str, grounds: str, reason: str, *, actor: Actor,
    now: datetime,
) -> FollowUp:  # fmt: skip
    """The draft becomes a clue with a number, and goes to 问责; whether a case is opened is decided there.

    Raises:
        NotFound, NotAllowed, Conflict (decided already), InvalidData (`grounds`, `reason`).
    Source: DOMAIN 7.4, 3.1 (msg_clue).
    """
    follow = lock_open(session, follow_id, CLUE, actor)
    if grounds not in GROUNDS:
        raise InvalidData({"grounds": ["请选择所依据的条款。"]})
    reason = checked(reason)
    follow.grounds, follow.number = grounds, numbered(session, "clue", "XS", now)
    settle(session, follow, "done", reason, actor=actor, now=now)
    source = session.get_one(Instance, follow.instance_id)
    payload = {
        "source_process": source.process_id, "source_case_no": called(session, source.id),
        "clue_no": follow.number, "unit_code": follow.unit_code, "grounds": [grounds],
        "summary": summary_of(session, follow),
    }  # fmt: skip
    publish(session, context, MESSAGE, payload, correlation=follow.number, actor=actor, now=now)
    return follow


def suggested_grounds(session: Session, follow: FollowUp) -> str:
    """The clause that fits the rule which was not kept."""
    return follow.grounds or grounds_of(session.get_one(Deadline, follow.deadline_id).key)


def summary_of(session: Session, follow: FollowUp) -> str:
    """One sentence: number of the case, step, unit, days, and what is true of them now. No person."""
    unit, case = unit_name(session, follow.unit_code), called(session, follow.instance_id)
    urged = "经催办" if _urged(session, follow) else ""
    ended_at = _handed_in(session, follow)
    end = f"{urged}于 {date_of(ended_at)} 才办理完毕" if ended_at else f"{urged}仍未办结"
    return f"{unit}承办的“{follow.step}”（{case}）应于 {follow.due_on} 前办结，{end}。"


def _urged(session: Session, follow: FollowUp) -> bool:
    """Whether a 催办通知书 about it was issued and delivered; a draft has reached nobody."""
    letters = (
        select(Instance.ended_with)
        .join(FollowUp, FollowUp.letter_id == Instance.id)
        .where(
            FollowUp.deadline_id == follow.deadline_id, FollowUp.unit_code == follow.unit_code,
            FollowUp.kind == URGE,
        )
    )  # fmt: skip
    return any(ISSUED in ended_with.split(",") for ended_with in session.scalars(letters))


def _handed_in(session: Session, follow: FollowUp) -> datetime | None:
    """When the unit ended its last task under the deadline; None while it has one."""
    tasks = session.execute(
        select(Task.status, Task.ended_at).where(
            Task.instance_id == follow.instance_id, Task.deadline_id == follow.deadline_id,
            Task.unit_code == follow.unit_code,
        )
    ).all()  # fmt: skip
    if any(task.status == OPEN for task in tasks):
        return None
    return max((task.ended_at for task in tasks if task.ended_at), default=None)
