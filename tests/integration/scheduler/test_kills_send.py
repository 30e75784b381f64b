"""Workers are killed at random moments; each person is warned once, and each mail goes out under one id."""

from __future__ import annotations

import uuid
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from engine.instance import Context
from engine.job import Runner
from engine.store.tables import Deadline, DeadlineEvent, Incident, Job, Task, TaskCandidate
from engine.store.visibility import SYSTEM, see_as
from scheduler.pump import Pump, Sender, drain
from scheduler.remind import AFTER_TIMERS, climber, remind
from scheduler.remind import KIND as LADDER
from supervision.escalation.climb import climb
from supervision.notice import notify
from supervision.notice.channels import channels
from supervision.notice.channels.channel import Message
from supervision.notice.deliver import Postman
from supervision.notice.route import route
from supervision.notice.table import Notice, NoticeDelivery

from .killing import CAMPAIGNS, ON_SQLITE, begun_again, die_here, kill_workers
from .people import add_person

AMBER = date(2026, 3, 18)
NINE = datetime(2026, 3, 18, 1, tzinfo=UTC)
"""09:00 of the amber day."""
DUE = datetime(2026, 3, 23, 16, tzinfo=UTC)
AT_ONCE = 10
PEOPLE = ("clerk", "lead")


@dataclass(frozen=True)
class Ledger:
    """A gateway that puts each message on a line of a file: what was written outlives whoever wrote it."""

    path: Path

    def send(self, message: Message) -> None:
        with self.path.open("ab", buffering=0) as file:
            file.write(f"{message.id}\n".encode())

    def greet(self) -> None:
        raise AssertionError("nobody asked")

    def ids(self) -> list[str]:
        return self.path.read_text().split() if self.path.exists() else []


@dataclass
class Desk:
    """Deadlines that turn amber at once, each over a task of two people with mailboxes."""

    sessions: sessionmaker[Session]
    context: Context
    instance_id: str
    ledger: Ledger
    ids: list[str] = field(default_factory=list)

    def begin(self) -> None:
        """Ten more."""
        with see_as(self.sessions(), SYSTEM) as session:
            for _ in range(AT_ONCE):
                self.ids.append(uuid.uuid4().hex)
                session.add(self._deadline(self.ids[-1]))
                session.add(self._task(self.ids[-1]))
                session.flush()
                session.add_all(_candidates(self.ids[-1]))
            session.commit()

    def left(self) -> int:
        jobs = select(func.count()).select_from(Job).where(Job.status == "ready", Job.kind != "timer")
        looks = select(func.count()).select_from(Deadline).where(Deadline.watch_at == NINE)
        ways = select(func.count()).select_from(Notice).where(Notice.routed_at.is_(None))
        with see_as(self.sessions(), SYSTEM) as session:
            return sum(session.scalar(each) or 0 for each in (jobs, looks, ways))

    def opened(self) -> Session:
        return see_as(self.sessions(), SYSTEM)

    def work(
        self, owner: str, now: datetime, climbs: Runner | None = None, sends: Sender | None = None
    ) -> None:
        """A round of a worker: the look at the ladder, then both lanes."""
        runners = {LADDER: climbs or climber(self.context)}
        senders = {"mail": sends or Postman(self.opened, channels()["mail"], self.ledger)}
        pump = Pump(self.sessions, self.context, owner, runners, senders)
        with self.opened() as session:
            remind(session, now)
            session.commit()
        drain(pump, "engine", lambda: now + AFTER_TIMERS)
        with self.opened() as session:
            route(session, ["mail"], now)
            session.commit()
        drain(pump, "send", lambda: now)

    def faults(self) -> list[str]:
        """What was not announced once, who was not warned once, which message was lost or had two ids."""
        with see_as(self.sessions(), SYSTEM) as after:
            levels = Counter(after.scalars(
                select(DeadlineEvent.deadline_id).where(DeadlineEvent.kind == "level")
            ))  # fmt: skip
            told = Counter(after.execute(select(Notice.subject, Notice.login)).all())
            sent = {row.id: row.status for row in after.scalars(select(NoticeDelivery))}
            notices = after.scalar(select(func.count()).select_from(Notice)) or 0
            parked = list(after.scalars(select(Incident.message)))
        wrong = [f"{row}: announced {levels[row]} times" for row in self.ids if levels[row] != 1]
        wrong += [f"{row}: {login} warned {told[row, login]} times"
                  for row in self.ids for login in PEOPLE if told[row, login] != 1]  # fmt: skip
        wrong += [f"{notices} notices, {len(sent)} messages"] if notices != len(sent) else []
        wrong += [f"{each}: {status}" for each, status in sent.items() if status != "sent"]
        wrong += [f"{each}: lost" for each in sent.keys() - set(self.ledger.ids())]
        wrong += [f"{each}: under another id" for each in set(self.ledger.ids()) - sent.keys()]
        return [*wrong, *parked]

    def _deadline(self, row_id: str) -> Deadline:
        levels = {"L1": AMBER.isoformat(), "L2": "2026-03-24", "L3": "2026-03-26", "L4": "2026-04-01"}
        return Deadline(
            id=row_id, instance_id=self.instance_id, scope_task_id="", element_id="ut_look", name="办理",
            key="CP-HANDLE", rule_version="", calendar_version="", started_at=NINE, start_on=date(2026, 3, 2),
            due_on=date(2026, 3, 23), due_at=DUE, amber_on=AMBER, levels=levels, status="running",
            watch_at=NINE,
        )  # fmt: skip

    def _task(self, row_id: str) -> Task:
        return Task(
            id=_task_id(row_id), instance_id=self.instance_id, shard="", process_id="wait",
            element_id="ut_look", name="办理", status="open", created_at=NINE,
            due_on=date(2026, 3, 23), due_at=DUE, amber_on=AMBER, deadline_id=row_id,
        )  # fmt: skip


def _task_id(row_id: str) -> str:
    return f"{row_id[:-1]}t"


def _candidates(row_id: str) -> list[TaskCandidate]:
    return [TaskCandidate(task_id=_task_id(row_id), kind="user", value=login) for login in PEOPLE]


@pytest.fixture
def desk(
    sessions: sessionmaker[Session], context: Context, waiting: str, session: Session, tmp_path: Path
) -> Desk:
    for login in PEOPLE:
        add_person(session, login, NINE)
    session.commit()
    session.close()
    return Desk(sessions, context, waiting, Ledger(tmp_path / "sent"))


@CAMPAIGNS
def test_everybody_is_warned_once_and_by_mail_at_least_once_however_often_workers_are_killed(
    kills: int, seed: int, desk: Desk
) -> None:
    desk.begin()
    kill_workers(desk.sessions, desk.work, desk.begin, desk.left, kills=kills, seed=seed, since=NINE)
    # then
    assert begun_again(desk.sessions) > 0
    assert desk.faults() == []
    twice = len(desk.ledger.ids()) - len(set(desk.ledger.ids()))
    assert twice <= kills  # only what a worker died of is repeated


@ON_SQLITE
def test_a_sender_that_marks_before_it_sends_is_found_out(desk: Desk) -> None:
    def sends(job: Job, now: datetime) -> None:
        with desk.opened() as session:
            delivery = session.get_one(NoticeDelivery, job.payload["delivery"])
            if delivery.status == "sent":
                return
            delivery.status = "sent"
            session.commit()
        if job.attempts == 1:
            die_here()
        desk.ledger.send(Message(delivery.id, "", "", [], now))

    killed_at_work(desk, sends=sends)
    assert any(fault.endswith(": lost") for fault in desk.faults())


@ON_SQLITE
def test_a_ladder_that_warns_before_it_says_so_is_found_out(desk: Desk) -> None:
    def climbs(session: Session, job: Job, now: datetime) -> None:
        row = session.get_one(Deadline, job.payload["deadline"])
        notify(session, PEOPLE, "即将到期", "", now, uuid.uuid4().hex, subject=row.id)
        session.commit()
        if job.attempts == 1:
            die_here()
        climb(session, desk.context, row.id, now)

    killed_at_work(desk, climbs=climbs)
    assert any(fault.endswith("warned 3 times") for fault in desk.faults())


def killed_at_work(desk: Desk, climbs: Runner | None = None, sends: Sender | None = None) -> None:
    def work(owner: str, now: datetime) -> None:
        desk.work(owner, now, climbs, sends)

    desk.begin()
    kill_workers(desk.sessions, work, desk.begin, desk.left, kills=4, seed=None, since=NINE)
