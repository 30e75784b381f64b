"""Each notice is given once to the channels that its person wants, and to nobody long after."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.store.tables import Job
from supervision.account.table import Account
from supervision.notice.route import AT_ONCE, route
from supervision.notice.table import NoticeDelivery

from .conftest import T0
from .people import add_person, deliveries, tell


def test_a_message_goes_to_whoever_can_be_reached_and_wants_it(session: Session) -> None:
    # given
    add_person(session, "clerk", T0)
    add_person(session, "silent", T0, wanted=False)
    add_person(session, "unknown", T0, wanted=None)
    add_person(session, "gone", T0)
    session.get_one(Account, "gone").active = False
    for login in ("clerk", "silent", "unknown", "gone"):
        tell(session, login, T0)
    # when
    assert route(session, ["mail"], T0 + timedelta(minutes=1)) == 4
    assert route(session, ["mail"], T0 + timedelta(minutes=2)) == 0
    session.commit()
    # then
    (delivery,) = deliveries(session)
    assert (delivery.address, delivery.status) == ("clerk@yunxi.example.invalid", "queued")
    job = session.scalars(select(Job)).one()
    assert (job.queue, job.kind, job.payload) == ("send", "mail", {"delivery": delivery.id})


def test_messages_written_before_a_channel_was_set_up_are_not_sent_late(session: Session) -> None:
    add_person(session, "clerk", T0)
    tell(session, "clerk", T0)
    assert route(session, ["mail"], T0 + timedelta(days=2, seconds=1)) == 1
    assert route(session, ["mail"], T0 + timedelta(days=2, seconds=2)) == 0
    assert session.scalars(select(NoticeDelivery)).all() == []


def test_many_messages_are_given_out_in_short_transactions(session: Session) -> None:
    add_person(session, "clerk", T0)
    tell(session, "clerk", T0, times=AT_ONCE + 5)
    assert [route(session, ["mail"], T0) for _ in range(3)] == [AT_ONCE, 5, 0]
    assert len(session.scalars(select(Job)).all()) == AT_ONCE + 5
