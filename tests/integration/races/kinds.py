"""Kinds of races: what two people, or a person and the pump, do at once, and what must hold after it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

import engine.job
import engine.message
import engine.task
from engine.actor import Actor
from engine.instance import Context, clock
from engine.instance.advance import advance
from engine.instance.rearm import NEVER
from engine.instance.view import variables
from engine.store.tables import Deadline, HistoryEntry, Job, KeptMessage, Subscription, Task

T0 = datetime(2026, 3, 2, 1, tzinfo=UTC)
DUE = T0 + timedelta(days=1)
WON = "won"
RACERS = tuple(Actor(f"racer{n}", f"选手{n}", frozenset({("CLERK", "")})) for n in range(2))


@dataclass(frozen=True)
class Track:
    """One race: a case of its own, and the tasks that were open at its start, by element."""

    case: str
    tasks: dict[str, str]


Act = Callable[[Session, Context, Track, Actor], object]
Fault = Callable[[Session, Context, Track, Sequence[str]], str]
"""Given what became of both acts ("won", or the error's name), says what is wrong, "" for nothing."""


@dataclass(frozen=True)
class Race:
    """`acts` are begun at once, in the case of one instance of `process`."""

    process: str
    acts: tuple[Act, Act]
    fault: Fault


def complete(element_id: str) -> Act:
    def act(session: Session, context: Context, track: Track, actor: Actor) -> object:
        data = {f"by_{element_id}": actor.login}
        return engine.task.complete(session, context, track.tasks[element_id], data, actor=actor, now=T0)

    return act


def claim(session: Session, context: Context, track: Track, actor: Actor) -> object:
    return engine.task.claim(session, context, track.tasks["ut_a"], actor=actor, now=T0)


def fire(session: Session, context: Context, track: Track, actor: Actor) -> object:
    """What the pump does: claim, commit, run."""
    timer = select(Job.id).where(Job.instance_id == track.case, Job.kind == "timer", Job.due_at <= DUE)
    job_id = session.scalars(timer).one()
    job = session.get_one(Job, job_id)
    if job.status != "ready":
        return None
    job.lease_owner, job.lease_until = actor.login, DUE + timedelta(minutes=1)
    session.commit()
    return engine.job.run(session, context, job_id, owner=actor.login, now=DUE, runners={})


def send(session: Session, context: Context, track: Track, actor: Actor) -> object:
    return engine.message.publish(
        session, context, "msg_race", {}, correlation=track.case, actor=actor, now=T0
    )


def suspend(session: Session, context: Context, track: Track, actor: Actor) -> object:
    """What the page does: the row, and the step that stops its timer."""
    task = select(Deadline.id).where(Deadline.instance_id == track.case, Deadline.element_id == "ut_today")
    of = session.scalars(task).one()
    moved = clock.suspend(session, context, of, reason="中止", actor=actor, now=T0)
    for work in moved.after:
        advance(session, context, work, actor=actor, now=T0)
    return moved


def one_wins(session: Session, context: Context, track: Track, outcomes: Sequence[str]) -> str:
    if sorted(outcomes) != ["AlreadyCompleted", WON]:
        return f"one should have won and one been told so: {outcomes}"
    return _done_once(session, track, "ut_a")


def both_win(session: Session, context: Context, track: Track, outcomes: Sequence[str]) -> str:
    if outcomes != [WON, WON]:
        return f"both should have won: {outcomes}"
    if _open(session, track) != ["ut_sum"]:
        return f"the join is lost: {_open(session, track)} open"
    kept = variables(session, context, track.case, T0)
    if (kept.get("by_ut_a"), kept.get("by_ut_b")) != ("racer0", "racer1"):
        return f"an update is lost: {kept}"
    return _done_once(session, track, "ut_a") or _done_once(session, track, "ut_b")


def one_claims(session: Session, context: Context, track: Track, outcomes: Sequence[str]) -> str:
    if sorted(outcomes) != ["Conflict", WON]:
        return f"one should have claimed it: {outcomes}"
    assignee = session.get_one(Task, track.tasks["ut_a"]).assignee
    winner = RACERS[outcomes.index(WON)].login
    claims = _entries(session, track, "task.claimed")
    return "" if (assignee, claims) == (winner, 1) else f"{assignee} has it after {claims} claims"


def not_both(session: Session, context: Context, track: Track, outcomes: Sequence[str]) -> str:
    """The first claims, the second completes: whoever comes later is refused."""
    if outcomes.count(WON) != 1:
        return f"one should have won: {outcomes}"
    task = session.get_one(Task, track.tasks["ut_a"])
    expected = ("open", "racer0", None) if outcomes[0] == WON else ("completed", None, "racer1")
    found = (task.status, task.assignee, task.completed_by)
    return "" if found == expected else f"expected {expected}, found {found}"


def in_time_or_late(session: Session, context: Context, track: Track, outcomes: Sequence[str]) -> str:
    """Completed, or the timer fired, never both; the pump never sees an error."""
    done, late = _entries(session, track, "task.completed"), _entries(session, track, "timer.fired")
    if (done, late) not in ((1, 0), (0, 1)):
        return f"completed {done} times, late {late} times"
    if outcomes[1] != WON or (outcomes[0] == WON) != bool(done):
        return f"told wrongly: {outcomes}"
    is_open = ["ut_next"] if done else ["ut_late"]
    return "" if _open(session, track) == is_open else f"open: {_open(session, track)}"


def delivered(session: Session, context: Context, track: Track, outcomes: Sequence[str]) -> str:
    """The message reaches the case, whether it came before or after the case waited for it."""
    if outcomes != [WON, WON]:
        return f"both should have won: {outcomes}"
    kept = session.scalars(
        select(KeptMessage.id).where(KeptMessage.correlation == track.case, KeptMessage.status == "kept")
    ).all()
    waits = session.scalars(select(Subscription.task_id).where(Subscription.instance_id == track.case)).all()
    if kept or waits or _open(session, track) != ["ut_read"]:
        return f"kept {kept}, waits {waits}, open {_open(session, track)}"
    return ""


def suspended_once(session: Session, context: Context, track: Track, outcomes: Sequence[str]) -> str:
    if sorted(outcomes) != ["Conflict", WON]:
        return f"one should have suspended it: {outcomes}"
    return _stands_still(session, track)


def done_or_suspended(session: Session, context: Context, track: Track, outcomes: Sequence[str]) -> str:
    """Whoever comes later is refused: nobody finishes what is suspended, nor suspends what is finished."""
    if sorted(outcomes) != ["Conflict", WON]:
        return f"one should have won: {outcomes}"
    if outcomes[1] == WON:
        return _stands_still(session, track)
    return "" if _open(session, track) == [] else f"open: {_open(session, track)}"


def suspended_or_over(session: Session, context: Context, track: Track, outcomes: Sequence[str]) -> str:
    """The timer fires before the suspension, or never; the pump never sees an error."""
    if outcomes[1] != WON:
        return f"the pump failed: {outcomes}"
    if outcomes[0] == WON:
        return _stands_still(session, track)
    fired = _entries(session, track, "timer.fired")
    found = (outcomes[0], fired, _open(session, track))
    return "" if found == ("Conflict", 1, ["ut_over"]) else f"found {found}"


def _stands_still(session: Session, track: Track) -> str:
    rows = session.scalars(select(Deadline.status).where(Deadline.instance_id == track.case)).all()
    armed = session.scalars(
        select(Job.due_at).where(Job.instance_id == track.case, Job.status == "ready")
    ).all()
    entries = _entries(session, track, "deadline.suspended")
    found = (set(rows), list(armed), entries, _open(session, track))
    return "" if found == ({"suspended"}, [NEVER], 1, ["ut_today"]) else f"found {found}"


def _open(session: Session, track: Track) -> list[str]:
    return sorted(
        session.scalars(select(Task.element_id).where(Task.instance_id == track.case, Task.status == "open"))
    )


def _entries(session: Session, track: Track, kind: str) -> int:
    found = select(HistoryEntry.seq).where(HistoryEntry.chain == track.case, HistoryEntry.kind == kind)
    return len(session.scalars(found).all())


def _done_once(session: Session, track: Track, element_id: str) -> str:
    found = session.scalars(
        select(HistoryEntry.actor).where(
            HistoryEntry.chain == track.case,
            HistoryEntry.kind == "task.completed",
            HistoryEntry.element_id == element_id,
        )
    ).all()
    return "" if len(found) == 1 else f"{element_id} was completed by {list(found)}"


RACES = {
    "same_task": Race("race", (complete("ut_a"), complete("ut_a")), one_wins),
    "two_tasks": Race("race", (complete("ut_a"), complete("ut_b")), both_win),
    "two_claims": Race("race", (claim, claim), one_claims),
    "claim_and_complete": Race("race", (claim, complete("ut_a")), not_both),
    "complete_and_timer": Race("alarm", (complete("ut_in_time"), fire), in_time_or_late),
    "suspend_twice": Race("period", (suspend, suspend), suspended_once),
    "complete_and_suspend": Race("period", (complete("ut_today"), suspend), done_or_suspended),
    "suspend_and_timer": Race("period", (suspend, fire), suspended_or_over),
    "wait_and_message": Race("letter", (complete("ut_ask"), send), delivered),
}
