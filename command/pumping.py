"""The pump of a process: waits for the lease, lets the ticks come, gives the lease back."""

from __future__ import annotations

import dataclasses
import os
import secrets
import socket
import threading
from collections.abc import Callable
from functools import partial
from typing import TypeVar

from sqlalchemy.orm import Session

import engine.job
from command.channels import postmen
from command.clock import pump_clock
from command.compose import System
from command.say import Refused, complain
from scheduler.digest import KIND as DIGEST
from scheduler.digest import digester, plan_digest
from scheduler.pump import QUEUES, Pump, drain
from scheduler.remind import KIND as LADDER
from scheduler.remind import climber, remind
from scheduler.wake import make_scheduler, wake_now
from supervision.basis.expiring import warn_expiring
from supervision.cycles.file import read_cycles
from supervision.cycles.plan import KIND, plan, starter
from supervision.deadlines.missing_year import warn_missing
from supervision.notice.route import AT_ONCE, route

T = TypeVar("T")
LEASE = "pump"
LEASE_S = 30
RENEW_EVERY_S = 5
PUMP_EVERY_S = 1
LOOK_EVERY_S = 30
"""How often deadlines and cycles are looked at: whether anything is due is told by rows and rules."""
REST_S = 2
"""Between a failure and the next try."""


def stand_by(system: System, stop: threading.Event) -> None:
    """The pump beside the pages: takes the lease whenever nobody has it, whatever happens in between."""
    while not stop.is_set():
        try:
            pump_until(stop, system, standing_by=True)
        except Exception as error:  # the database was away: the pages live on, and so must the pump
            complain(f"调度出错，稍后再试：{error}")
        stop.wait(REST_S)


def pump_until(
    stop: threading.Event, system: System, *, standing_by: bool, ready: Callable[[], None] = lambda: None
) -> None:
    """Takes the lease, then lets the ticks come until `stop` is set or the lease is lost.

    `standing_by` waits for the lease as long as it takes. Otherwise Refused is raised while somebody else
    holds it.
    """
    system = dataclasses.replace(system, clock=pump_clock(system.database, system.clock))
    owner = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
    while not _lease(system, owner):
        if not standing_by:
            raise Refused("另一个调度进程正在使用这个数据库（ducha serve 自带一个）：请先停下它，或稍候再试")
        if stop.wait(RENEW_EVERY_S):
            return
    ready()
    ended, lost = threading.Event(), threading.Event()

    def renew() -> None:
        if not _lease(system, owner):
            lost.set()
            ended.set()

    scheduler = make_scheduler({"lease": (RENEW_EVERY_S, renew), **ticks(system, owner)})
    scheduler.start()
    wake_now(scheduler, system.clock())
    while not stop.wait(PUMP_EVERY_S) and not ended.is_set():
        pass
    scheduler.shutdown(wait=True)
    if lost.is_set():
        complain("本进程停顿过久，调度已由另一个进程接手")
        return
    _in_one(system, lambda s: engine.job.drop_lease(s, LEASE, owner=owner, now=system.clock()))


def make_pump(system: System, owner: str) -> Pump:
    """The pump with what this system knows to do beside timers."""
    ways, context = postmen(system), system.context
    return Pump(
        system.sessions,
        context,
        owner,
        {KIND: starter(context), LADDER: climber(context), DIGEST: digester(context)},
        senders=ways,
        resting=lambda now: [name for name, postman in ways.items() if postman.rests(now)],
    )


def ticks(system: System, owner: str) -> dict[str, tuple[float, Callable[[], object]]]:
    """What is called, and every how many seconds."""
    pump, cycles = make_pump(system, owner), read_cycles(system.settings.processes)

    def look() -> None:
        now, context = system.clock(), system.context
        _in_one(system, lambda session: remind(session, now))
        _in_one(system, lambda session: warn_missing(session, context.calendar(session), now))
        _in_one(system, lambda session: warn_expiring(session, now))
        _in_one(system, lambda session: plan(session, cycles, context.calendar(session), now))
        _in_one(system, lambda session: plan_digest(session, context.calendar(session), now))

    def give_out() -> None:
        while _in_one(system, lambda session: route(session, pump.senders, system.clock())) == AT_ONCE:
            pass

    lanes: dict[str, tuple[float, Callable[[], object]]] = {
        f"pump-{queue}": (PUMP_EVERY_S, partial(drain, pump, queue, system.clock)) for queue in QUEUES
    }
    if pump.senders:
        lanes["route"] = (PUMP_EVERY_S, give_out)
    return {**lanes, "look": (LOOK_EVERY_S, look)}


def _lease(system: System, owner: str) -> bool:
    now = system.clock()
    return _in_one(system, lambda s: engine.job.take_lease(s, LEASE, owner=owner, seconds=LEASE_S, now=now))


def _in_one(system: System, act: Callable[[Session], T]) -> T:
    """One transaction, committed."""
    with system.session() as session:
        result = act(session)
        session.commit()
    return result
