"""The stage of a scenario: a fresh copy of a seeded database, a movable clock, everything else shared."""

from __future__ import annotations

import dataclasses
import shutil
import tempfile
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from command.clock import MovableClock
from command.compose import System, compose
from command.prepare import bootstrap
from command.settings import read_settings
from engine.deadline.shanghai import SHANGHAI
from engine.store.base import Base
from engine.store.tables import Job
from engine.store.tables.job import READY
from engine.store.visibility import SYSTEM, see_as
from scheduler.pump import QUEUES, Pump, drain
from scheduler.remind import remind
from supervision.identity.key import create_keys
from supervision.seed import seed_demo


class Theatre:
    """Seeded databases by year, made once, copied for each scenario; as a context it leaves no file."""

    def __init__(self, processes: Path) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="ducha-scenario-"))
        self._processes = processes
        self._systems: dict[int, System] = {}
        self._copies = 0
        self._keys = create_keys(self._folder / "keys" / "identity.key")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for system in self._systems.values():
            system.database.dispose()
        shutil.rmtree(self._folder, ignore_errors=True)

    def stage(self, start: datetime) -> Stage:
        """A stage whose clock stands at `start`.

        Raises:
            DiagramError: the process files cannot be published.
        """
        template = self._template(start.astimezone(SHANGHAI).year)
        self._copies += 1
        path = self._folder / f"{self._copies}.db"
        shutil.copyfile(self._path_of(template), path)
        clock = MovableClock(start)
        system = self._system(path, clock)
        return Stage(dataclasses.replace(system, context=template.context), clock)

    def _template(self, year: int) -> System:
        if year not in self._systems:
            new_year = MovableClock(datetime(year, 1, 1, tzinfo=SHANGHAI))
            system = self._system(self._folder / f"seed-{year}.db", new_year)
            Base.metadata.create_all(system.database)
            with system.session() as session:
                seed_demo(session, self._processes, now=new_year())
                session.commit()
            bootstrap(system, since=new_year())
            system.database.dispose()
            self._systems[year] = system
        return self._systems[year]

    def _system(self, path: Path, clock: MovableClock) -> System:
        settings = dataclasses.replace(
            read_settings(), data=self._folder, database_url=f"sqlite:///{path}", processes=self._processes
        )
        system = compose(settings, self._keys, clock)
        event.listen(system.database, "connect", _hasty)
        return system

    @staticmethod
    def _path_of(system: System) -> Path:
        return Path(system.settings.database_url.removeprefix("sqlite:///"))


class Stage:
    """One scenario's world."""

    def __init__(self, system: System, clock: MovableClock) -> None:
        self.system, self.clock = system, clock
        self._pump = Pump(system.sessions, system.context, "scenario")

    def session(self) -> Session:
        """Sees every row."""
        return see_as(self.system.sessions(), SYSTEM)

    def move(self, to: datetime) -> None:
        """Moves the clock; whatever falls due on the way is done at its own moment, in order.

        Raises:
            ValueError: `to` lies in the past.
        """
        while (due := self._next_due()) is not None and due <= to:
            self.clock.move(max(due, self.clock.at))
            for queue in QUEUES:
                drain(self._pump, queue, self.clock)
        self.clock.move(to)
        with self.session() as session:
            remind(session, self.system.context, self.clock.at)
            session.commit()

    def close(self) -> None:
        """Lets go of the database file."""
        self.system.database.dispose()

    def _next_due(self) -> datetime | None:
        with self.session() as session:
            return session.scalar(select(func.min(Job.due_at)).where(Job.status == READY))


def _hasty(connection: Any, record: object) -> None:
    """A scenario's database is thrown away: nothing of it must survive a power cut."""
    connection.execute("PRAGMA synchronous=OFF")
