"""The pages on a real socket, with a clock that the test moves."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select
from werkzeug.serving import WSGIRequestHandler, make_server

from command import demo
from command.clock import MovableClock
from command.compose import System, open_system
from command.prepare import prepare
from command.pumping import make_pump
from command.settings import SEED, Settings
from command.web import make_app
from engine.deadline.shanghai import SHANGHAI
from engine.store.tables import Deadline, Job
from scheduler.pump import QUEUES, drain
from scheduler.remind import remind

MORNING = datetime(2026, 3, 2, 10, tzinfo=SHANGHAI).astimezone(UTC)
"""When every story begins: a Monday."""
BUSY_DAY = datetime(2026, 4, 8, 9, 30, tzinfo=SHANGHAI).astimezone(UTC)
"""A day at which the demo's cases are at different places, one of them overdue."""


class Quiet(WSGIRequestHandler):
    """Writes no line for each request."""

    def log(self, type: str, message: str, *args: object) -> None:
        """Says nothing."""


def settings_of(folder: Path) -> Settings:
    """What says where that district is."""
    return Settings(folder, f"sqlite:///{folder / 'ducha.db'}", SEED, "127.0.0.1", 0)


def seed_template(folder: Path, now: datetime = MORNING, stories: Sequence[Path] = ()) -> Settings:
    """The demo district with its published processes and `stories`, made once and copied for each test."""
    settings = settings_of(folder)
    system = prepare(settings, MovableClock(now)).system
    for story in stories:
        demo.fill(system, story)
    system.database.dispose()
    return settings


class Server:
    """One district, served from a copy of the template."""

    def __init__(self, template: Settings, folder: Path, now: datetime = MORNING) -> None:
        shutil.copytree(template.data, folder)
        settings = replace(template, data=folder, database_url=f"sqlite:///{folder / 'ducha.db'}")
        self.clock = MovableClock(now)
        self.system: System = open_system(settings, self.clock)
        self._socket = make_server(
            "127.0.0.1", 0, make_app(self.system), threaded=True, request_handler=Quiet
        )
        self.url = f"http://127.0.0.1:{self._socket.server_port}"
        self._thread = threading.Thread(target=self._socket.serve_forever, daemon=True)

    def __enter__(self) -> Server:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.shutdown()
        self._thread.join()
        self._socket.server_close()
        self.system.database.dispose()

    def move(self, to: str | datetime | timedelta) -> None:
        """To an instant ("2026-03-10T10:00" is Beijing's time), or on by so much; what fell due happens."""
        meant = self._meant(to)
        while (waiting := self._next_due()) is not None and waiting <= meant:
            self.clock.move(max(waiting, self.clock()))
            self._wake()
        self.clock.move(meant)
        self._wake()

    def _meant(self, to: str | datetime | timedelta) -> datetime:
        if isinstance(to, timedelta):
            return self.clock() + to
        return (
            datetime.fromisoformat(to).replace(tzinfo=SHANGHAI).astimezone(UTC) if isinstance(to, str) else to
        )

    def _wake(self) -> None:
        pump = make_pump(self.system, "browser-test")
        with self.system.session() as session:
            remind(session, self.clock())
            session.commit()
        for queue in QUEUES:
            drain(pump, queue, self.clock)

    def _next_due(self) -> datetime | None:
        with self.system.session() as session:
            job = session.scalar(select(func.min(Job.due_at)).where(Job.status == "ready"))
            look = session.scalar(select(func.min(Deadline.watch_at)).where(Deadline.status != "suspended"))
        return min((moment for moment in (job, look) if moment is not None), default=None)
