"""A message reaches exactly one receiver, in any instance of any process, or is kept for its time to live."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

import engine.message
from engine.errors import Ambiguous, NotFound
from engine.history import verify_all
from engine.instance import Context, MessageType
from engine.store.tables import Incident, Instance, Job, KeptMessage, Subscription
from tests.unit.bpmn.drawn import END, START, boundary, catch, extensions, throw

from .conftest import CLERK, T0, open_elements
from .village import DONE, NOTE, begin, complete, history, incident, publish, pump, status, user

WAITS = START + END + catch("c", NOTE) + user("a")
LINES = "s > c; c > a; a > e"


def send(session: Session, context: Context, name: str, correlation: str) -> engine.message.Delivered:
    sent = engine.message.publish(session, context, name, {}, correlation=correlation, actor=CLERK, now=T0)
    session.commit()
    session.expire_all()
    return sent


def test_the_business_key_tells_instances_apart(session: Session, context: Context) -> None:
    publish(session, WAITS, LINES)
    _, two = begin(session, context, key="K1"), begin(session, context, key="K2")
    sent = send(session, context, "msg_note", "K2")
    assert (sent.how, sent.instance_id) == ("delivered", two)
    assert session.scalars(select(Subscription.correlation)).all() == ["K1"]


def test_a_correlation_of_its_own_reaches_across_processes(session: Session, context: Context) -> None:
    # given one process that waits for what another one throws, matched by a number both know
    waits = (
        f'<intermediateCatchEvent id="c">{extensions(correlation="number")}{NOTE}</intermediateCatchEvent>'
    )
    throws = f'<intermediateThrowEvent id="t">{extensions(correlation="of", payload="text")}{NOTE}</intermediateThrowEvent>'  # noqa: E501
    publish(session, START + END + waits + user("a"), LINES)
    publish(session, START + END + user("b") + throws, "s > b; b > t; t > e", id="q")
    ours = begin(session, context, number=7)
    other = begin(session, context, number=8)
    begin(session, context, "q")
    # when
    complete(session, context, "b", of=7, text="好")
    # then
    assert open_elements(session) == ["a"]
    (received,) = history(session, ours, "message.received")
    assert (received.name, history(session, other, "message.received")) == ("msg_note", [])
    assert list(verify_all(session)) == []


def test_two_instances_that_wait_alike_are_an_error_with_a_name(session: Session, context: Context) -> None:
    publish(session, WAITS, LINES)
    begin(session, context, key="K"), begin(session, context, key="K")
    with pytest.raises(Ambiguous, match="有 2 个实例同时在等"):
        send(session, context, "msg_note", "K")
    assert len(session.scalars(select(Subscription)).all()) == 2


def test_of_two_tokens_of_one_instance_the_first_to_wait_gets_it(session: Session, context: Context) -> None:
    waits = (
        f'{START}{END}<parallelGateway id="g"/>{catch("c1", NOTE)}{catch("c2", NOTE)}{user("a")}{user("b")}'
    )
    publish(session, waits, "s > g; g > c1; g > c2; c1 > a; c2 > b; a > e; b > e")
    begin(session, context, key="K")
    send(session, context, "msg_note", "K")
    assert open_elements(session) == ["a"]
    send(session, context, "msg_note", "K")
    assert open_elements(session) == ["a", "b"]


def test_two_messages_of_one_step_do_not_meet_at_one_token(session: Session, context: Context) -> None:
    """The first wakes the token, the second is kept for whoever waits next."""
    publish(session, WAITS, LINES)
    throws = START + END + user("b") + throw("t1", NOTE) + throw("t2", NOTE)
    publish(session, throws, "s > b; b > t1; t1 > t2; t2 > e", id="q")
    begin(session, context, key="K")
    begin(session, context, "q", key="K")
    complete(session, context, "b")
    assert open_elements(session) == ["a"]
    assert session.scalars(select(KeptMessage.status)).all() == ["kept"]


def test_who_waits_goes_before_what_would_start(session: Session, context: Context) -> None:
    starts = f'<startEvent id="m">{NOTE}</startEvent>{END}{user("b")}'
    publish(session, starts, "m > b; b > e", id="q")
    publish(session, WAITS, LINES)
    waiting = begin(session, context, key="K")
    assert send(session, context, "msg_note", "K").instance_id == waiting
    again = send(session, context, "msg_note", "K")
    assert again.how == "started"
    assert session.get_one(Instance, again.instance_id).business_key == "K"


def test_what_starts_two_processes_goes_where_the_catalogue_says(session: Session, context: Context) -> None:
    for id in ("q", "r"):
        publish(
            session, f'<startEvent id="m">{NOTE}</startEvent>{END}{user(id)}', f"m > {id}; {id} > e", id=id
        )
    with pytest.raises(Ambiguous, match="receiver"):
        send(session, context, "msg_note", "K")
    told = replace(context, messages={"msg_note": MessageType("msg_note", receiver="r")})
    assert send(session, told, "msg_note", "K").how == "started"
    assert open_elements(session) == ["r"]


def test_only_the_newest_version_starts(session: Session, context: Context) -> None:
    """A version that no message starts any more takes the start away, also under another process id."""
    starts = f'<startEvent id="m">{NOTE}</startEvent>{END}{user("b")}'
    publish(session, starts, "m > b; b > e", id="q")
    publish(session, START + END + user("b"), "s > b; b > e", id="q", now=T0 + timedelta(hours=-1))
    later = engine.message.publish(
        session, context, "msg_note", {}, correlation="K", actor=CLERK, now=T0 + timedelta(hours=1)
    )
    assert later.how == "kept"


def test_a_kept_message_expires_by_a_job_and_is_on_record(session: Session, context: Context) -> None:
    brief = replace(context, messages={"msg_note": MessageType("msg_note", keep_days=2)})
    publish(session, WAITS, LINES)
    assert send(session, brief, "msg_note", "K").how == "kept"
    assert pump(session, brief, T0 + timedelta(days=1)) == 0
    assert pump(session, brief, T0 + timedelta(days=2)) == 1
    assert session.scalars(select(KeptMessage.status)).one() == "expired"
    assert len(history(session, "system", "message.expired")) == 1
    begin(session, brief, key="K")
    assert open_elements(session) == []


def test_a_message_is_kept_for_thirty_days_unless_told_otherwise(session: Session, context: Context) -> None:
    send(session, context, "msg_note", "K")
    assert session.scalars(select(KeptMessage.expires_at)).one() == T0 + timedelta(days=30)
    for_good = replace(context, messages={"msg_note": MessageType("msg_note", keep_days=None)})
    send(session, for_good, "msg_note", "K2")
    assert len(session.scalars(select(Job)).all()) == 1


def test_a_delivered_message_does_not_expire(session: Session, context: Context) -> None:
    publish(session, WAITS, LINES)
    send(session, context, "msg_note", "K")
    begin(session, context, key="K")
    assert open_elements(session) == ["a"]
    assert session.scalars(select(Job.status)).all() == ["cancelled"]


def test_what_came_before_its_process_was_published_starts_it_then(
    session: Session, context: Context
) -> None:
    send(session, context, "msg_note", "K1")
    send(session, context, "msg_note", "K2")
    publish(session, f'<startEvent id="m">{NOTE}</startEvent>{END}{user("b")}', "m > b; b > e", id="q")
    session.commit()
    assert pump(session, context, T0) == 3
    assert sorted(session.scalars(select(Instance.business_key))) == ["K1", "K2"]
    assert pump(session, context, T0 + timedelta(days=31)) == 0


def test_a_receiver_that_fails_keeps_the_message_in_its_incident(session: Session, context: Context) -> None:
    """Who sent it is done; the receiver still waits, and its incident can be tried again."""
    fails = '<scriptTask id="x" scriptFormat="python"><script>y = 1 / missing</script></scriptTask>'
    publish(session, START + END + catch("c", NOTE) + fails, "s > c; c > x; x > e")
    publish(session, START + END + user("b") + throw("t", NOTE), "s > b; b > t; t > e", id="q")
    waiting, sender = begin(session, context, key="K"), begin(session, context, "q", key="K")
    assert complete(session, context, "b")
    assert (status(session, sender), status(session, waiting)) == ("completed", "active")
    assert (incident(session).instance_id, incident(session).element_id) == (waiting, "x")
    assert len(session.scalars(select(Subscription)).all()) == 1


def test_a_message_that_cannot_be_sent_is_an_incident_of_its_sender(
    session: Session, context: Context
) -> None:
    publish(session, WAITS, LINES)
    publish(session, START + END + user("b") + throw("t", NOTE), "s > b; b > t; t > e", id="q")
    begin(session, context, key="K"), begin(session, context, key="K")
    sender = begin(session, context, "q", key="K")
    assert complete(session, context, "b")
    found = incident(session)
    assert (found.instance_id, found.element_id) == (sender, "t")
    assert "同时在等" in found.message


def test_messages_that_chase_each_other_stop_and_are_not_lost(session: Session, context: Context) -> None:
    """Ping starts pong and pong starts ping: after 200 steps the next one is an incident."""
    for id, comes, goes in (("ping", NOTE, DONE), ("pong", DONE, NOTE)):
        elements = f'<startEvent id="s">{comes}</startEvent><endEvent id="e">{goes}</endEvent>'
        publish(session, elements, "s > e", id=id)
    send(session, context, "msg_note", "K")
    assert "往返超过 200 次" in session.scalars(select(Incident)).one().message
    assert len(session.scalars(select(Instance).where(Instance.status == "completed")).all()) == 200


def test_a_non_interrupting_event_takes_every_message(session: Session, context: Context) -> None:
    publish(
        session, START + END + user("a") + boundary("b", "a", NOTE, interrupting=False) + user("h"),
        "s > a; a > e; b > h; h > e",
    )  # fmt: skip
    begin(session, context, key="K")
    for _ in range(3):
        assert send(session, context, "msg_note", "K").how == "delivered"
    assert open_elements(session) == ["a", "h", "h", "h"]


def test_an_undeclared_message_is_refused(session: Session, context: Context) -> None:
    with pytest.raises(NotFound, match=r"messages\.toml"):
        send(session, context, "msg_x", "K")
