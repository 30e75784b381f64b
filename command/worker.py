"""`ducha worker`: the scheduler alone, one per database: a second is refused while the first lives."""

from __future__ import annotations

import argparse
import signal
import threading

from command.compose import open_system
from command.pumping import pump_until
from command.say import DONE, say


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Registers the verb."""
    parser = subparsers.add_parser("worker", help="单独运行调度：到期任务、提醒、周期流程")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Runs until SIGTERM or Ctrl-C. Raises Refused when another scheduler is at work."""
    system, stop = open_system(), threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    pump_until(stop, system, standing_by=False, ready=lambda: say("调度已启动，按 Ctrl-C 停止"))
    return DONE
