"""Executions kept between steps: never anything but what the database holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

import engine.task
from engine.history import verify_all
from engine.instance import Context
from engine.instance.live import LiveCases
from engine.store.tables import StateShard

from .conftest import CLERK, LEAD, T0, open_elements, open_task


def step(session: Session, context: Context, element_id: str, **data: object) -> None:
    actor = LEAD if element_id == "ut_check" else CLERK
    engine.task.complete(session, context, open_task(session, element_id).id, data, actor=actor, now=T0)


def state(session: Session) -> dict[str, bytes]:
    return {shard.shard: shard.content for shard in session.scalars(select(StateShard))}


def test_a_case_goes_on_from_what_is_kept_as_from_what_is_stored(
    published: Session, context: Context, instance_id: str
) -> None:
    # given a step that keeps its execution
    step(published, context, "ut_write", text="初稿")
    published.commit()
    assert len(context.live) > 0
    # when one and the same step goes on from the kept and, taken back, from the stored state
    outcomes = []
    for using in (context, replace(context, live=LiveCases())):
        step(published, using, "ut_check", result="退回")
        outcomes.append((open_elements(published), {key for key in state(published)}))
        published.rollback()
    # then
    assert outcomes[0] == outcomes[1]


def test_what_was_rolled_back_is_not_kept(published: Session, context: Context, instance_id: str) -> None:
    # given
    mine = replace(context, live=LiveCases())
    # when
    step(published, mine, "ut_write", text="初稿")
    published.rollback()
    # then
    assert len(mine.live) == 0
    step(published, mine, "ut_write", text="二稿")
    published.commit()
    assert open_elements(published) == ["ut_check"]
    assert list(verify_all(published)) == []


def test_a_released_savepoint_is_no_commit(published: Session, context: Context, instance_id: str) -> None:
    mine = replace(context, live=LiveCases())
    with published.begin_nested():
        step(published, mine, "ut_write", text="初稿")
    assert len(mine.live) == 0
    published.commit()
    assert len(mine.live) == 1


def test_a_savepoint_taken_back_forgets_the_step_inside(
    published: Session, context: Context, instance_id: str
) -> None:
    mine = replace(context, live=LiveCases())
    savepoint = published.begin_nested()
    step(published, mine, "ut_write", text="初稿")
    savepoint.rollback()
    published.commit()
    assert (len(mine.live), open_elements(published)) == (0, ["ut_write"])


def test_a_step_of_another_process_makes_the_kept_one_unfindable(
    published: Session, context: Context, instance_id: str
) -> None:
    # given two processes that share the database, and the first holds the case
    here, there = (replace(context, live=LiveCases()) for _ in range(2))
    step(published, here, "ut_write", text="初稿")
    published.commit()
    # when the other goes two steps on
    step(published, there, "ut_check", result="退回")
    published.commit()
    # then the first goes on from there
    step(published, here, "ut_write", text="二稿")
    published.commit()
    assert open_elements(published) == ["ut_check"]
    assert list(verify_all(published)) == []


def test_the_least_recently_used_case_goes_first(
    published: Session, context: Context, instance_id: str
) -> None:
    mine = replace(context, live=LiveCases(size=1))
    for key in ("K2", "K3"):
        engine.instance.start(
            published, mine, "review", {"accepted_on": "2026-02-27"}, actor=CLERK,
            now=T0 + timedelta(hours=1), business_key=key,
        )  # fmt: skip
        published.commit()
    assert len(mine.live) == 1
