"""APScheduler wakes the code up, nothing more: what is due, and whether, is decided by rows and rules."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

Tick = Callable[[], object]
log = logging.getLogger("ducha.scheduler")
logging.getLogger("apscheduler").setLevel(logging.ERROR)  # a tick that is still at work is no news


def make_scheduler(ticks: Mapping[str, tuple[float, Tick]]) -> BackgroundScheduler:
    """A scheduler, not yet started, that calls each named tick every so many seconds.

    Every tick has a thread of its own, so that a slow one holds up no other; missed wake-ups fall together
    into one, however late. An exception is logged and the tick comes again.
    """
    scheduler = BackgroundScheduler(
        timezone=UTC,
        executors={name: ThreadPoolExecutor(1) for name in ticks} | {"default": ThreadPoolExecutor(1)},
        job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
    )
    for name, (seconds, tick) in ticks.items():
        scheduler.add_job(_guarded(name, tick), "interval", seconds=seconds, id=name, executor=name)
    return scheduler


def wake_now(scheduler: BackgroundScheduler, now: datetime) -> None:
    """Lets every tick come at once instead of after its first interval: the start of a process."""
    for job in scheduler.get_jobs():
        job.modify(next_run_time=now)


def _guarded(name: str, tick: Tick) -> Tick:
    def call() -> None:
        try:
            tick()
        except Exception:  # one failed round must not end the rounds that follow
            log.exception("调度环节“%s”出错，稍后再试", name)

    return call
