"""Each notice reaches its person at least once under one id, whatever gateway or worker do."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

import engine.incident
import engine.job
from engine.actor import Actor
from engine.instance import Context
from engine.store.tables import HistoryEntry, Incident, Job
from engine.store.visibility import SYSTEM, see_as
from scheduler.pump import Pump, drain
from supervision.notice.chain import warnings_of
from supervision.notice.channels import channels
from supervision.notice.channels._smtp import Gateway
from supervision.notice.channels.channel import Delayed, Message, Refused, Sender, Unreachable
from supervision.notice.channels.mail import Mail
from supervision.notice.deliver import Postman
from supervision.notice.notify import notify
from supervision.notice.route import route
from supervision.notice.table import Notice, NoticeAddress
from tests.post_office import HOST, post_office, silent_office

from .conftest import T0
from .people import LINK, add_person, deliveries, seen, tell

ADMIN = Actor("admin", "系统管理员", frozenset({("ADMIN", "")}))


class Killed(BaseException):
    """As the worker's end: nothing after it is run."""


@dataclass
class Box:
    """A gateway that answers as it is told to, message by message, then takes everything."""

    answers: list[Exception | Killed] = field(default_factory=list)
    taken: list[Message] = field(default_factory=list)
    tried: int = 0

    def send(self, message: Message) -> None:
        self.tried += 1
        if self.answers and not isinstance(self.answers[0], Killed):
            raise self.answers.pop(0)
        self.taken.append(message)
        if self.answers:
            raise self.answers.pop(0)

    def greet(self) -> None:
        raise AssertionError("nobody asked")


MakePump = Callable[[Sender], Pump]


@pytest.fixture
def send_pump(sessions: sessionmaker[Session], context: Context) -> MakePump:
    def make(sender: Sender) -> Pump:
        postman = Postman(lambda: see_as(sessions(), SYSTEM), channels()["mail"], sender)
        resting = lambda now: ["mail"] if postman.rests(now) else []  # noqa: E731
        return Pump(sessions, context, "p", senders={"mail": postman}, resting=resting)

    return make


@pytest.fixture
def told(session: Session) -> Session:
    """One message for one person, given out."""
    add_person(session, "clerk", T0)
    tell(session, "clerk", T0)
    route(session, ["mail"], T0)
    session.commit()
    return session


def at(minutes: float) -> datetime:
    return T0 + timedelta(minutes=minutes)


def send(pump: Pump, minutes: float) -> int:
    return drain(pump, "send", lambda: at(minutes))


def incidents(session: Session) -> Sequence[Incident]:
    return seen(session, select(Incident).where(Incident.status == "open"))


def test_a_message_is_sent_once_and_its_row_says_when(told: Session, send_pump: MakePump) -> None:
    box = Box()
    assert send(send_pump(box), 1) == 1
    assert send(send_pump(box), 2) == 0
    (delivery,) = deliveries(told)
    (message,) = box.taken
    assert (message.id, message.address) == (delivery.id, "clerk@yunxi.example.invalid")
    assert (message.text, message.lines[0].link) == ("TS-2026-0000“研判”即将到期", LINK)
    assert (delivery.status, delivery.sent_at, delivery.tries, delivery.error) == ("sent", at(1), 1, "")


def test_a_worker_that_dies_between_sending_and_saying_so_sends_it_again_under_the_same_id(
    told: Session, send_pump: MakePump
) -> None:
    box = Box([Killed()])
    with pytest.raises(Killed):
        send(send_pump(box), 0)
    assert send(send_pump(box), 0.9) == 0  # its lease runs
    assert send(send_pump(box), 1.1) == 1
    assert len(box.taken) == 2
    assert len({message.id for message in box.taken}) == 1
    assert [delivery.status for delivery in deliveries(told)] == ["sent"]


def test_a_worker_that_dies_after_saying_so_sends_it_no_second_time(
    told: Session, send_pump: MakePump, sessions: sessionmaker[Session]
) -> None:
    # given a worker that sent it, marked it sent, and never finished its job
    box = Box()
    pump = send_pump(box)
    with see_as(sessions(), SYSTEM) as dying:
        job = engine.job.claim(dying, "send", owner="dead", now=T0)
        dying.commit()
    assert job is not None
    pump.senders["mail"](job, T0)
    # when
    assert send(pump, 1.1) == 1
    # then
    assert len(box.taken) == 1
    assert told.scalars(select(Job.status)).all() == ["done"]


def test_who_turns_mail_off_meanwhile_gets_what_was_queued_no_more(
    told: Session, send_pump: MakePump
) -> None:
    told.get_one(NoticeAddress, ("clerk", "mail")).wanted = False
    told.commit()
    box = Box()
    assert send(send_pump(box), 1) == 1
    assert box.taken == []
    (delivery,) = deliveries(told)
    assert (delivery.status, delivery.error) == ("dropped", "本人不再用此方式接收，或账号已停用")


def test_a_gateway_that_stays_silent_ends_in_an_incident_that_the_administrator_retries(
    told: Session, send_pump: MakePump, context: Context, sessions: sessionmaker[Session]
) -> None:
    # given four tries, with the waits between them
    box = Box([Unreachable("邮件服务器没有按时回应") for _ in range(4)])
    pump = send_pump(box)
    tried = [send(pump, minutes) for minutes in (0, 0.5, 1.1, 2, 2.3, 12, 12.4)]
    # then
    assert tried == [1, 0, 1, 0, 1, 0, 1]
    (incident,) = incidents(told)
    assert incident.message == "给clerk先生的电子邮件没有送出：邮件服务器没有按时回应"
    (delivery,) = deliveries(told)
    assert (delivery.status, delivery.tries, delivery.error) == ("failed", 4, "邮件服务器没有按时回应")
    # when
    with see_as(sessions(), SYSTEM) as repairing:
        engine.incident.retry(repairing, context, incident.id, reason="网关已修好", actor=ADMIN, now=at(60))
        repairing.commit()
    assert send(pump, 60) == 1
    # then
    (delivery,) = deliveries(told)
    assert (delivery.status, delivery.sent_at, delivery.tries) == ("sent", at(60), 5)
    assert incidents(told) == []


def test_while_the_gateway_rests_the_messages_behind_use_up_no_tries(
    session: Session, send_pump: MakePump
) -> None:
    # given ten messages and a gateway that is away for two of its tries
    add_person(session, "clerk", T0)
    tell(session, "clerk", T0, times=10)
    route(session, ["mail"], T0)
    session.commit()
    box = Box([Unreachable("邮件服务器拒绝连接") for _ in range(2)])
    pump = send_pump(box)
    # when
    send(pump, 0)
    send(pump, 0.5)
    send(pump, 1.5)
    assert (box.tried, box.taken) == (2, [])
    assert sorted(seen(session, select(Job.attempts)))[:8] == [0] * 8
    for minutes in (3, 4, 5):
        send(pump, minutes)
    # then
    assert len({message.id for message in box.taken}) == 10
    assert incidents(session) == []


def test_a_rest_ends_also_when_the_clock_is_set_back(told: Session, send_pump: MakePump) -> None:
    pump = send_pump(Box([Unreachable("邮件服务器拒绝连接")]))
    send(pump, 600)
    assert pump.resting(at(600.5)) == ["mail"]
    assert pump.resting(at(0)) == []


def test_an_address_that_is_refused_is_an_incident_at_once_and_the_others_go_on(
    session: Session, send_pump: MakePump
) -> None:
    for login in ("clerk", "lead"):
        add_person(session, login, T0)
        tell(session, login, T0)
    route(session, ["mail"], T0)
    session.commit()
    box = Box([Refused("邮件服务器不接受收件地址：550 …")])
    assert send(send_pump(box), 0) == 2
    assert len(box.taken) == 1
    (incident,) = incidents(session)
    assert "没有送出：邮件服务器不接受收件地址：550" in incident.message
    assert sorted(delivery.status for delivery in deliveries(session)) == ["failed", "sent"]


def test_a_message_that_is_wanted_later_holds_up_no_other(session: Session, send_pump: MakePump) -> None:
    for login in ("clerk", "lead"):
        add_person(session, login, T0)
        tell(session, login, T0)
    route(session, ["mail"], T0)
    session.commit()
    box = Box([Delayed("邮件服务器要求稍后再试：450")])
    assert send(send_pump(box), 0) == 2
    assert send(send_pump(box), 0.2) == 1
    assert len(box.taken) == 2


def test_a_mail_server_that_hangs_delays_no_deadline(
    told: Session,
    send_pump: MakePump,
    waiting: str,
    make_pump: Callable[[str], Pump],
) -> None:
    # given a server that takes the call and never says a word
    with silent_office() as port:
        mail = Mail(Gateway(HOST, port, "smtp", wait_s=2, whole_s=3), "ducha@example.invalid", "http://x")
        due = T0 + timedelta(days=3)
        sending = threading.Thread(target=partial(drain, send_pump(mail), "send", lambda: due))
        sending.start()
        time.sleep(0.2)
        # when a timer falls due meanwhile
        begun = time.monotonic()
        assert drain(make_pump("engine"), "engine", lambda: due) == 1
        took, still_hangs = time.monotonic() - begun, sending.is_alive()
        sending.join()
    # then
    assert still_hangs
    assert took < 1.5
    fired = told.scalars(select(HistoryEntry).where(HistoryEntry.kind == "timer.fired")).all()
    assert len(fired) == 1
    assert [delivery.status for delivery in deliveries(told)] == ["failed"]


def test_a_page_can_show_whom_a_warning_reached(session: Session, send_pump: MakePump) -> None:
    # given
    for login, wanted in (("clerk", True), ("lead", None)):
        add_person(session, login, T0, wanted=wanted)
    notify(session, ["clerk", "lead"], "已逾期", LINK, T0, "d1:L2", subject="d1")
    notify(session, ["clerk"], "别的期限", LINK, T0, "d2:L2", subject="d2")
    route(session, ["mail"], T0)
    session.commit()
    with post_office() as office:
        gateway = Gateway(HOST, office.port, "smtp")
        send(send_pump(Mail(gateway, "ducha@example.invalid", "http://x")), 1)
    # then
    lines = [(r.name, r.channel, r.words, r.at) for r in warnings_of(session, "d1")]
    assert lines == [
        ("clerk先生", "站内消息", "已送达", T0),
        ("clerk先生", "电子邮件", "已送达", at(1)),
        ("lead先生", "站内消息", "已送达", T0),
    ]
    assert len(office.letters) == 2
    assert session.scalars(select(Notice.routed_at).distinct()).all() == [T0]
