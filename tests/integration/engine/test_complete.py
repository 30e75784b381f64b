"""Completing a user task: one person, once, everything that follows in the same transaction."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

import engine.task
from engine.errors import AlreadyCompleted, Conflict, NotAllowed, NotFound
from engine.history import verify_all
from engine.instance import Context, progress, task_view
from engine.store.tables import Deadline, HistoryEntry, Instance, Job, StateShard, Task, TaskDraft

from .conftest import CLERK, CLERK2, LEAD, T0, open_elements, open_task


def test_a_step_opens_the_next_task_and_is_on_record(
    published: Session, context: Context, instance_id: str
) -> None:
    # given
    task = open_task(published, "ut_write")
    # when
    engine.task.complete(published, context, task.id, {"text": "初稿"}, actor=CLERK, now=T0)
    published.commit()
    # then
    assert open_elements(published) == ["ut_check"]
    done = published.get_one(Task, task.id)
    assert (done.status, done.completed_by, done.ended_at) == ("completed", "clerk1", T0)
    view = task_view(published, context, open_task(published, "ut_check"), T0)
    assert (view.data["text"], view.data["number"]) == ("初稿", "SC-K1")
    assert "ut_write" in progress(published, instance_id).done
    assert list(verify_all(published)) == []


def test_two_clicks_give_one_completion_and_one_clear_answer(
    published: Session, context: Context, instance_id: str
) -> None:
    task = open_task(published, "ut_write")
    engine.task.complete(published, context, task.id, {}, actor=CLERK, now=T0, key="post-1")
    published.commit()
    again = engine.task.complete(published, context, task.id, {}, actor=CLERK, now=T0, key="post-1")
    assert again.replayed
    with pytest.raises(AlreadyCompleted) as refused:
        engine.task.complete(published, context, task.id, {}, actor=CLERK2, now=T0, key="post-2")
    assert (refused.value.by, refused.value.at) == ("clerk1", T0)
    completed = select(HistoryEntry).where(HistoryEntry.kind == "task.completed")
    assert len(published.scalars(completed).all()) == 1


def test_only_candidates_may_complete_and_only_the_claimer_once_claimed(
    published: Session, context: Context, instance_id: str
) -> None:
    task = open_task(published, "ut_write")
    with pytest.raises(NotAllowed, match="不由您办理"):
        engine.task.complete(published, context, task.id, {}, actor=LEAD, now=T0)
    engine.task.claim(published, context, task.id, actor=CLERK, now=T0)
    with pytest.raises(Conflict, match="已由 clerk1 签收"):
        engine.task.claim(published, context, task.id, actor=CLERK2, now=T0)
    with pytest.raises(NotAllowed, match="已由 clerk1 签收"):
        engine.task.complete(published, context, task.id, {}, actor=CLERK2, now=T0)
    engine.task.unclaim(published, task.id, actor=CLERK, now=T0)
    engine.task.complete(published, context, task.id, {}, actor=CLERK2, now=T0)
    assert open_elements(published) == ["ut_check"]


def test_an_unknown_task_is_not_found(published: Session, context: Context) -> None:
    with pytest.raises(NotFound):
        engine.task.complete(published, context, "0" * 32, {}, actor=CLERK, now=T0)


def test_a_draft_is_kept_per_person_until_the_task_is_done(
    published: Session, context: Context, instance_id: str
) -> None:
    task = open_task(published, "ut_write")
    engine.task.save_draft(published, task.id, {"text": "半句"}, actor=CLERK, now=T0)
    engine.task.save_draft(published, task.id, {"text": "半句话"}, actor=CLERK, now=T0)
    draft = engine.task.draft_of(published, task.id, CLERK)
    assert draft is not None
    assert draft.data == {"text": "半句话"}
    assert engine.task.draft_of(published, task.id, CLERK2) is None
    engine.task.complete(published, context, task.id, {}, actor=CLERK, now=T0)
    assert published.scalars(select(TaskDraft)).all() == []


def test_the_deadline_of_the_block_covers_its_tasks_and_ends_with_it(
    published: Session, context: Context, instance_id: str
) -> None:
    """CP-HANDLE: 15 working days from acceptance; T10 of the specification: 02-27 → 03-19, amber 03-16."""
    task = open_task(published, "ut_write")
    assert (task.due_on, task.amber_on) == (date(2026, 3, 19), date(2026, 3, 16))
    engine.task.complete(published, context, task.id, {}, actor=CLERK, now=T0)
    check = open_task(published, "ut_check")
    assert check.deadline_id == task.deadline_id
    later = T0 + timedelta(days=1)
    engine.task.complete(published, context, check.id, {"result": "通过"}, actor=LEAD, now=later)
    deadline = published.scalars(select(Deadline)).one()
    published.refresh(deadline)
    assert (deadline.status, deadline.finished_at) == ("finished", later)


def test_a_loop_of_many_rounds_does_not_grow_the_state(
    published: Session, context: Context, instance_id: str
) -> None:
    sizes = []
    for _ in range(40):
        write = open_task(published, "ut_write")
        engine.task.complete(published, context, write.id, {"text": "稿"}, actor=CLERK, now=T0)
        check = open_task(published, "ut_check")
        engine.task.complete(published, context, check.id, {"result": "退回"}, actor=LEAD, now=T0)
        published.commit()
        sizes.append(sum(len(row.content) for row in published.scalars(select(StateShard)).all()))
        published.expire_all()
    assert sizes[-1] <= sizes[2] * 1.1
    assert published.get_one(Instance, instance_id).status == "active"


def test_the_timer_behind_the_event_gateway_is_a_job(
    published: Session, context: Context, instance_id: str
) -> None:
    for element, actor in (("ut_write", CLERK), ("ut_check", LEAD)):
        task = open_task(published, element)
        engine.task.complete(published, context, task.id, {"result": "通过"}, actor=actor, now=T0)
    job = published.scalars(select(Job)).one()
    assert (job.kind, job.status, job.due_at) == ("timer", "ready", T0 + timedelta(days=3))
