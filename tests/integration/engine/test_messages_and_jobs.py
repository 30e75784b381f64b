"""Messages reach exactly one receiver or are kept; timers fire once, from jobs."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

import engine.incident
import engine.job
import engine.message
import engine.task
from engine.errors import NotFound, StepFailed
from engine.instance import Context, start
from engine.store.tables import Deadline, Incident, Instance, Job, KeptMessage, Subscription, Task

from .conftest import ADMIN, CLERK, LEAD, T0, open_elements, open_task


def to_the_wait(session: Session, context: Context) -> None:
    for element, actor in (("ut_write", CLERK), ("ut_check", LEAD)):
        task = open_task(session, element)
        engine.task.complete(session, context, task.id, {"result": "通过"}, actor=actor, now=T0)
    session.commit()


def test_a_message_wakes_the_waiting_instance_and_its_end_starts_the_next_process(
    published: Session, context: Context, instance_id: str
) -> None:
    to_the_wait(published, context)
    sent = engine.message.publish(
        published, context, "msg_note", {"note": "好"}, correlation="K1", actor=CLERK, now=T0
    )
    published.expire_all()
    assert (sent.how, sent.instance_id) == ("delivered", instance_id)
    assert published.get_one(Instance, instance_id).status == "completed"
    archive = published.scalars(select(Instance).where(Instance.process_id == "archive")).one()
    assert archive.cause_id == instance_id
    assert len(archive.cause_head) == 64
    assert open_elements(published) == ["ut_file"]
    assert published.scalars(select(Subscription)).all() == []
    assert published.scalars(select(Job)).one().status == "cancelled"


def test_a_message_that_comes_early_is_kept_and_delivered_when_awaited(
    published: Session, context: Context, instance_id: str
) -> None:
    sent = engine.message.publish(published, context, "msg_note", {}, correlation="K1", actor=CLERK, now=T0)
    assert sent.how == "kept"
    to_the_wait(published, context)
    published.expire_all()
    assert published.get_one(Instance, instance_id).status == "completed"
    kept = published.scalars(select(KeptMessage)).one()
    assert (kept.status, kept.delivered_to) == ("delivered", instance_id)


def test_a_message_for_another_case_is_not_ours(
    published: Session, context: Context, instance_id: str
) -> None:
    to_the_wait(published, context)
    sent = engine.message.publish(published, context, "msg_note", {}, correlation="K2", actor=CLERK, now=T0)
    assert sent.how == "kept"
    assert published.get_one(Instance, instance_id).status == "active"


def test_an_undeclared_message_is_refused(published: Session, context: Context) -> None:
    with pytest.raises(NotFound, match=r"messages\.toml"):
        engine.message.publish(published, context, "msg_x", {}, correlation="K1", actor=CLERK, now=T0)


def test_an_interrupting_message_cancels_the_block_its_task_and_its_deadline(
    published: Session, context: Context, instance_id: str
) -> None:
    task_id = open_task(published, "ut_write").id
    engine.message.publish(published, context, "msg_stop", {}, correlation="K1", actor=CLERK, now=T0)
    published.expire_all()
    instance = published.get_one(Instance, instance_id)
    assert (instance.status, instance.ended_with) == ("completed", "end_stopped")
    assert published.get_one(Task, task_id).status == "cancelled"
    assert published.scalars(select(Deadline)).one().status == "cancelled"


def test_a_due_timer_fires_once_and_an_early_one_does_nothing(
    published: Session, context: Context, instance_id: str
) -> None:
    to_the_wait(published, context)
    assert engine.job.claim(published, "engine", owner="w1", now=T0) is None
    due = T0 + timedelta(days=3)
    job = engine.job.claim(published, "engine", owner="w1", now=due)
    assert job is not None
    assert engine.job.claim(published, "engine", owner="w2", now=due) is None
    published.commit()
    assert not engine.job.run(published, context, job.id, owner="w2", now=due, runners={})
    assert engine.job.run(published, context, job.id, owner="w1", now=due, runners={})
    published.commit()
    published.expire_all()
    assert published.get_one(Instance, instance_id).ended_with == "end_silent"
    assert published.get_one(Job, job.id).status == "done"
    assert engine.job.claim(published, "engine", owner="w1", now=due + timedelta(days=1)) is None


def test_a_failing_step_is_undone_and_leaves_an_incident(
    published: Session, context: Context, instance_id: str
) -> None:
    """The gateway reads `result`; without it the step fails and the task stays open."""
    write = open_task(published, "ut_write")
    engine.task.complete(published, context, write.id, {}, actor=CLERK, now=T0)
    check = open_task(published, "ut_check")
    with pytest.raises(StepFailed) as failure:
        engine.task.complete(published, context, check.id, {}, actor=LEAD, now=T0)
    published.commit()
    assert failure.value.element_id == "gw_ok"
    published.expire_all()
    assert open_elements(published) == ["ut_check"]
    incident = published.scalars(select(Incident)).one()
    assert (incident.element_id, incident.status) == ("gw_ok", "open")
    engine.incident.resolve(published, context, incident.id, reason="补填结论", actor=ADMIN, now=T0)
    engine.task.complete(published, context, check.id, {"result": "通过"}, actor=LEAD, now=T0)
    assert open_elements(published) == []


def test_a_job_that_fails_backs_off_and_ends_as_an_incident(published: Session, context: Context) -> None:
    engine.job.put(published, "send:1", kind="send", queue="send", payload={}, due_at=T0, now=T0)
    assert not engine.job.put(published, "send:1", kind="send", queue="send", payload={}, due_at=T0, now=T0)
    now, parked = T0, False
    for _ in range(4):
        job = engine.job.claim(published, "send", owner="w", now=now)
        assert job is not None
        parked = engine.job.fail(published, job.id, "网关无响应", owner="w", now=now)
        now += timedelta(hours=1)
    assert parked
    incident = published.scalars(select(Incident)).one()
    assert incident.message == "网关无响应"
    engine.incident.retry(published, context, incident.id, reason="网关已恢复", actor=ADMIN, now=now)
    assert engine.job.claim(published, "send", owner="w", now=now) is not None


def test_a_lease_is_held_by_one_owner(session: Session) -> None:
    take = engine.job.take_lease
    assert take(session, "pump", owner="a", seconds=30, now=T0)
    assert not take(session, "pump", owner="b", seconds=30, now=T0 + timedelta(seconds=29))
    assert take(session, "pump", owner="a", seconds=30, now=T0 + timedelta(seconds=29))
    assert take(session, "pump", owner="b", seconds=30, now=T0 + timedelta(seconds=90))


def test_running_instances_stay_on_their_version(
    published: Session, context: Context, instance_id: str
) -> None:
    import engine.definition

    from .conftest import HERE

    changed = (HERE / "diagrams" / "review.bpmn").read_bytes().replace("起草".encode(), "拟稿".encode())
    later = T0 + timedelta(hours=1)
    two = engine.definition.publish(
        published, "review", {"review.bpmn": changed}, by="owner", approved_by="second", now=later
    )
    again = engine.definition.publish(
        published, "review", {"review.bpmn": changed}, by="owner", approved_by="second", now=later
    )
    assert (two.version, again.id) == (2, two.id)
    start(published, context, "review", {}, actor=CLERK, now=later, business_key="K2")
    names = set(published.scalars(select(Task.name).where(Task.element_id == "ut_write")))
    assert names == {"起草", "拟稿"}
