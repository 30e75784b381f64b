"""What is due is done once: by one pump or two, after a kill half-way, whatever the other lane does."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, sessionmaker

import engine.job
from engine.instance import Context, start
from engine.store.tables import HistoryEntry, Incident, Job, Task
from engine.store.visibility import SYSTEM, see_as
from scheduler.pump import Pump, do_one, drain

from .conftest import ANYBODY, T0, Desk, put

DUE = T0 + timedelta(days=3)
MakePump = Callable[[str], Pump]


class Deadlock(Exception):
    """As PostgreSQL tells it."""

    sqlstate = "40P01"


def fired(session: Session) -> int:
    found = session.scalars(select(HistoryEntry).where(HistoryEntry.kind == "timer.fired")).all()
    session.rollback()  # a reading transaction would hold up the pump
    return len(found)


def open_elements(session: Session) -> list[str]:
    found = session.scalars(select(Task.element_id).where(Task.status == "open")).all()
    session.rollback()
    return list(found)


def test_a_timer_fires_when_it_is_due_and_not_a_second_before(
    session: Session, make_pump: MakePump, waiting: str
) -> None:
    pump = make_pump("p1")
    assert drain(pump, "engine", lambda: DUE - timedelta(seconds=1)) == 0
    assert open_elements(session) == []
    assert drain(pump, "engine", lambda: DUE) == 1
    assert open_elements(session) == ["ut_look"]
    assert drain(pump, "engine", lambda: DUE + timedelta(days=1)) == 0


def test_a_job_whose_worker_was_killed_half_way_is_done_exactly_once(
    session: Session, make_pump: MakePump, waiting: str, sessions: sessionmaker[Session]
) -> None:
    # given a worker that claimed the job, ran it and died before the commit
    with see_as(sessions(), SYSTEM) as dying:
        job = engine.job.claim(dying, "engine", owner="dead", now=DUE)
        dying.commit()
        assert job is not None
        engine.job.run(dying, make_pump("dead").context, job.id, owner="dead", now=DUE, runners={})
        dying.rollback()
    # when others look while its lease still runs, and after it
    assert not do_one(make_pump("p2"), "engine", DUE + timedelta(seconds=59))
    assert do_one(make_pump("p2"), "engine", DUE + timedelta(seconds=61))
    assert not do_one(make_pump("p2"), "engine", DUE + timedelta(days=1))
    # then
    assert fired(session) == 1
    assert session.scalars(select(Job)).one().status == "done"


def test_a_worker_that_lost_its_lease_does_nothing(
    make_pump: MakePump, waiting: str, sessions: sessionmaker[Session], session: Session
) -> None:
    with see_as(sessions(), SYSTEM) as frozen:
        job = engine.job.claim(frozen, "engine", owner="frozen", now=DUE)
        frozen.commit()
    assert job is not None
    assert do_one(make_pump("p2"), "engine", DUE + timedelta(minutes=2))
    with see_as(sessions(), SYSTEM) as woken:
        context = make_pump("frozen").context
        assert not engine.job.run(woken, context, job.id, owner="frozen", now=DUE, runners={})
    assert fired(session) == 1


def test_two_pumps_at_once_do_every_job_once(
    sessions: sessionmaker[Session], make_pump: MakePump, desk: Desk
) -> None:
    for number in range(30):
        put(sessions, f"note:{number}", "note", "send", T0)
    threads = [
        threading.Thread(target=drain, args=(make_pump(f"p{n}"), "send", lambda: T0)) for n in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(desk.notes) == sorted(f"note:{number}" for number in range(30))


def test_a_hanging_send_lane_does_not_hold_the_engine_lane(
    sessions: sessionmaker[Session], make_pump: MakePump, waiting: str, session: Session
) -> None:
    # given a gateway that answers only when it is let go
    let_go, hanging = threading.Event(), threading.Event()

    def hang(job: Job, now: object) -> None:
        hanging.set()
        let_go.wait(20)

    put(sessions, "mail:1", "hang", "send", T0)
    pump = Pump(sessions, make_pump("p").context, "p", senders={"hang": hang})
    sending = threading.Thread(target=drain, args=(pump, "send", lambda: DUE))
    sending.start()
    assert hanging.wait(10)
    # when
    begun = time.monotonic()
    done = drain(pump, "engine", lambda: DUE)
    took = time.monotonic() - begun
    let_go.set()
    sending.join()
    # then
    assert done == 1
    assert took < 5
    assert fired(session) == 1
    assert set(session.scalars(select(Job.status))) == {"done"}


def test_a_job_that_fails_is_tried_again_later_and_ends_as_an_incident(
    sessions: sessionmaker[Session], make_pump: MakePump, session: Session
) -> None:
    put(sessions, "bad:1", "break", "send", T0)
    put(sessions, "note:1", "note", "send", T0 + timedelta(seconds=1))
    pump, now = make_pump("p"), T0 + timedelta(seconds=2)
    assert drain(pump, "send", lambda: now) == 2  # the broken one does not stop the other
    for hours in (1, 2, 3):
        drain(pump, "send", lambda at=now + timedelta(hours=hours): at)
    incident = session.scalars(select(Incident)).one()
    assert "网关无响应" in incident.message
    assert incident.job_id is not None


def test_a_job_that_lost_to_another_transaction_is_done_at_once_and_the_try_does_not_count(
    sessions: sessionmaker[Session], make_pump: MakePump, session: Session
) -> None:
    # given a job that loses a deadlock, then not
    lost = OperationalError("UPDATE", {}, Deadlock())
    ends = iter([lost, None])

    def run(session: Session, job: Job, now: object) -> None:
        if (error := next(ends)) is not None:
            raise error

    put(sessions, "lost:1", "lose", "engine", T0)
    pump = Pump(sessions, make_pump("p").context, "p", {"lose": run})
    # when
    assert drain(pump, "engine", lambda: T0) == 2
    # then
    job = session.scalars(select(Job)).one()
    assert (job.status, job.attempts, job.last_error) == ("done", 1, "")


def test_a_step_that_cannot_go_on_is_parked_at_once_and_names_its_element(
    session: Session, context: Context, make_pump: MakePump, waiting: str
) -> None:
    start(session, context, "wait", {}, actor=ANYBODY, now=T0)  # without the variable its gateway reads
    session.commit()
    drain(make_pump("p"), "engine", lambda: DUE)
    incident = session.scalars(select(Incident)).one()
    assert (incident.element_id, incident.status) == ("gw_sound", "open")
    assert open_elements(session) == ["ut_look"]
    job = session.get(Job, incident.job_id)
    assert job is not None
    assert (job.status, job.attempts) == ("incident", 1)


def test_an_unknown_kind_of_job_is_an_incident_too(
    sessions: sessionmaker[Session], make_pump: MakePump, session: Session
) -> None:
    put(sessions, "x:1", "nobody_knows", "send", T0)
    for hours in range(4):
        drain(make_pump("p"), "send", lambda at=T0 + timedelta(hours=hours): at)
    assert "nobody_knows" in session.scalars(select(Incident)).one().message
