"""`ducha worker`: the scheduler alone, one per database: a second is refused while the first lives."""

from __future__ import annotations

import argparse
import os
import secrets
import signal
import socket
import threading
from collections.abc import Callable
from functools import partial
from typing import TypeVar

from sqlalchemy.orm import Session

import engine.job
from command.compose import System, open_system
from command.cycle_file import read_cycles
from command.say import DONE, Refused, complain, say
from scheduler.cycle import KIND, plan, starter
from scheduler.pump import QUEUES, Pump, drain
from scheduler.remind import remind
from scheduler.wake import make_scheduler, wake_now

T = TypeVar("T")
LEASE = "pump"
LEASE_S = 30
RENEW_EVERY_S = 5
PUMP_EVERY_S = 1
LOOK_EVERY_S = 30
"""How often deadlines and cycles are looked at: whether anything is due is told by rows and rules."""


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Registers the verb."""
    parser = subparsers.add_parser("worker", help="单独运行调度：到期任务、提醒、周期流程")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Runs until SIGTERM or Ctrl-C. Raises Refused when another scheduler is at work."""
    return work(open_system(), standing_by=False)


def work(system: System, *, standing_by: bool) -> int:
    """Takes the lease, then lets the ticks come until a signal comes or the lease is lost.

    `standing_by` waits for the lease as long as it takes: the pump inside `ducha serve` steps in when a
    worker beside it ends. Otherwise Refused is raised while somebody else holds it.
    """
    owner = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
    stop, lost = threading.Event(), threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    while not _lease(system, owner):
        if not standing_by:
            raise Refused("另一个调度进程正在使用这个数据库（ducha serve 自带一个）：请先停下它，或稍候再试")
        if stop.wait(RENEW_EVERY_S):
            return DONE
    if not standing_by:
        say("调度已启动，按 Ctrl-C 停止")

    def renew() -> None:
        if not _lease(system, owner):
            lost.set()
            stop.set()

    scheduler = make_scheduler({"lease": (RENEW_EVERY_S, renew), **ticks(system, owner)})
    scheduler.start()
    wake_now(scheduler, system.clock())
    stop.wait()
    scheduler.shutdown(wait=True)
    if lost.is_set():
        complain("本进程停顿过久，调度已由另一个进程接手")
        return DONE
    _in_one(system, lambda s: engine.job.drop_lease(s, LEASE, owner=owner, now=system.clock()))
    return DONE


def make_pump(system: System, owner: str) -> Pump:
    """The pump with what this system knows to do beside timers."""
    return Pump(system.sessions, system.context, owner, {KIND: starter(system.context)})


def ticks(system: System, owner: str) -> dict[str, tuple[float, Callable[[], object]]]:
    """What is called, and every how many seconds."""
    pump, cycles = make_pump(system, owner), read_cycles(system.settings.processes)

    def look() -> None:
        now, context = system.clock(), system.context
        _in_one(system, lambda session: remind(session, context, now))
        _in_one(system, lambda session: plan(session, cycles, context.calendar(session), now))

    lanes: dict[str, tuple[float, Callable[[], object]]] = {
        f"pump-{queue}": (PUMP_EVERY_S, partial(drain, pump, queue, system.clock)) for queue in QUEUES
    }
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
