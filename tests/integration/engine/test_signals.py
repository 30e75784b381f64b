"""A signal reaches all who wait for it at that moment, in all instances, and all it starts; later nobody."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

import engine.message
from engine.history import verify_all
from engine.instance import Context
from engine.instance.signals import AT_ONCE
from engine.store.tables import Instance, Job, Subscription, Task
from tests.unit.bpmn.drawn import END, START, boundary, catch, extensions, throw

from .conftest import CLERK, T0, open_elements
from .village import GO, NOTE, ON, begin, complete, history, incident, publish, pump, status, user

WAITS = START + END + user("a") + boundary("b", "a", GO) + user("h")
LINES = "s > a; a > e; b > h; h > e"


def broadcast(session: Session, context: Context, **payload: object) -> engine.message.Broadcast:
    sent = engine.message.broadcast(session, context, "全区停办", payload, actor=CLERK, now=T0)
    session.commit()
    session.expire_all()
    return sent


def test_all_who_wait_are_reached_whatever_their_key(session: Session, context: Context) -> None:
    publish(session, WAITS, LINES)
    publish(session, START + END + catch("c", GO) + user("d"), "s > c; c > d; d > e", id="q")
    ones = {
        begin(session, context, key="K1"),
        begin(session, context, key="K2"),
        begin(session, context, "q"),
    }
    sent = broadcast(session, context, reason="台风")
    assert (set(sent.reached), sent.started, sent.later) == (ones, [], 0)
    assert open_elements(session) == ["d", "h", "h"]
    assert all(len(history(session, one, "signal.received")) == 1 for one in ones)
    assert list(verify_all(session)) == []


def test_it_starts_every_process_that_begins_with_it(session: Session, context: Context) -> None:
    for id in ("q", "r"):
        publish(session, f'<startEvent id="m">{GO}</startEvent>{END}{user(id)}', f"m > {id}; {id} > e", id=id)
    sent = broadcast(session, context, reason="台风")
    assert len(sent.started) == 2
    assert open_elements(session) == ["q", "r"]


def test_it_is_never_kept(session: Session, context: Context) -> None:
    publish(session, WAITS, LINES)
    assert broadcast(session, context) == engine.message.Broadcast()
    begin(session, context)
    assert open_elements(session) == ["a"]


def test_what_an_instance_throws_reaches_the_others_once_and_itself_once(
    session: Session, context: Context
) -> None:
    """The thrower's own catcher is reached by the diagram, not again by the broadcast."""
    both = (
        f'{START}{END}<parallelGateway id="g"/>{user("a")}{catch("c", GO)}{user("h")}{throw("t", GO)}'
    )  # fmt: skip
    publish(session, both, "s > g; g > a; g > c; c > h; h > e; a > t; t > e")
    thrower = begin(session, context)
    publish(session, START + END + catch("c", GO) + user("o"), "s > c; c > o; o > e", id="q")
    begin(session, context, "q")
    complete(session, context, "a")
    assert open_elements(session) == ["h", "o"]
    assert history(session, thrower, "signal.received") == []


def test_it_carries_its_payload(session: Session, context: Context) -> None:
    throws = f'<intermediateThrowEvent id="t">{extensions(payload="why")}{GO}</intermediateThrowEvent>'
    publish(session, START + END + user("a") + throws, "s > a; a > t; t > e")
    waits = '<exclusiveGateway id="g"/>' + user("yes") + user("no")
    publish(
        session, START + END + catch("c", GO) + waits,
        "s > c; c > g; g > yes [why == '台风']; g > no [why != '台风']; yes > e; no > e", id="q",
    )  # fmt: skip
    begin(session, context, "q")
    begin(session, context)
    complete(session, context, "a", why="台风")
    assert open_elements(session) == ["yes"]


def test_several_tokens_of_one_instance_are_reached_in_one_step(session: Session, context: Context) -> None:
    both = f'{START}{END}<parallelGateway id="g"/>{catch("c", GO)}{catch("d", GO)}{user("x")}{user("y")}'
    publish(session, both, "s > g; g > c; g > d; c > x; d > y; x > e; y > e")
    one = begin(session, context)
    broadcast(session, context)
    assert open_elements(session) == ["x", "y"]
    assert session.get_one(Instance, one).revision == 2
    assert session.scalars(select(Subscription)).all() == []


def test_one_receiver_that_fails_does_not_stop_the_others(session: Session, context: Context) -> None:
    fails = '<scriptTask id="x" scriptFormat="python"><script>y = 1 / n</script></scriptTask>'
    publish(session, START + END + catch("c", GO) + fails + user("a"), "s > c; c > x; x > a; a > e")
    broken, sound = begin(session, context, n=0), begin(session, context, n=1)
    sent = broadcast(session, context)
    assert set(sent.reached) == {broken, sound}
    assert open_elements(session) == ["a"]
    assert incident(session).instance_id == broken
    assert [row.instance_id for row in session.scalars(select(Subscription))] == [broken]


def test_many_receivers_get_one_job_each(session: Session, context: Context) -> None:
    publish(session, START + END + catch("c", GO) + user("a"), "s > c; c > a; a > e")
    for _ in range(AT_ONCE + 1):
        begin(session, context)
    sent = broadcast(session, context)
    assert (sent.later, open_elements(session)) == (AT_ONCE + 1, [])
    assert pump(session, context, T0) == AT_ONCE + 1
    assert open_elements(session) == ["a"] * (AT_ONCE + 1)
    assert set(session.scalars(select(Job.status))) == {"done"}


def test_who_is_gone_when_its_job_comes_misses_the_signal(session: Session, context: Context) -> None:
    publish(session, START + END + user("a") + boundary("b", "a", GO) + user("h"), LINES)
    ones = [begin(session, context) for _ in range(AT_ONCE + 1)]
    broadcast(session, context)
    mine = session.scalars(select(Task).where(Task.instance_id == ones[0])).one()
    engine.task.complete(session, context, mine.id, {}, actor=CLERK, now=T0)
    session.commit()
    pump(session, context, T0)
    assert status(session, ones[0]) == "completed"
    assert open_elements(session) == ["h"] * AT_ONCE


def test_other_signals_and_messages_of_that_name_are_not_meant(session: Session, context: Context) -> None:
    publish(session, START + END + catch("c", ON) + user("a"), "s > c; c > a; a > e")
    publish(session, START + END + catch("c", NOTE) + user("a"), "s > c; c > a; a > e", id="q")
    begin(session, context)
    begin(session, context, "q")
    assert broadcast(session, context).reached == ()
    sent = engine.message.broadcast(session, context, "msg_note", {}, actor=CLERK, now=T0)
    assert sent.reached == ()
