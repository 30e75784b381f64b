"""The stage of a scenario: a fresh copy of a seeded database, a movable clock, everything else shared."""

from __future__ import annotations

import dataclasses
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from command.clock import MovableClock
from command.compose import System, compose
from command.prepare import bootstrap
from command.pumping import make_pump
from command.settings import read_settings
from engine.deadline.shanghai import SHANGHAI
from engine.store.base import Base
from engine.store.tables import Deadline, Job
from engine.store.tables.job import READY
from engine.store.throwaway import Databases, Files, Throwaway
from engine.store.visibility import SYSTEM, see_as
from scheduler.pump import QUEUES, drain
from scheduler.remind import remind
from supervision.identity.key import create_keys
from supervision.seed import seed_demo


class Theatre:
    """Seeded databases by year, made once, copied for each scenario; as a context it leaves nothing."""

    def __init__(self, processes: Path, server: str = "") -> None:
        """`server` is the URL of a PostgreSQL server to play on; '' plays on SQLite files.

        Raises:
            ValueError: it is none; the message is Chinese.
        """
        databases = Databases(server) if server else None
        self._folder = Path(tempfile.mkdtemp(prefix="ducha-scenario-"))
        self._store: Throwaway = databases or Files(self._folder)
        self._processes = processes
        self._systems: dict[int, System] = {}
        self._copies = 0
        self._keys = create_keys(self._folder / "keys" / "identity.key")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for year, system in self._systems.items():
            system.database.dispose()
            self._store.drop(_seed(year))
        shutil.rmtree(self._folder, ignore_errors=True)

    def prepare(self, starts: Iterable[datetime]) -> None:
        """Makes the seeded databases that these scenarios need, before players fork.

        Raises:
            DiagramError: the process files cannot be published.
        """
        for year in sorted({start.astimezone(SHANGHAI).year for start in starts}):
            self._template(year)

    def stage(self, start: datetime) -> Stage:
        """A stage whose clock stands at `start`.

        Raises:
            DiagramError: the process files cannot be published.
        """
        year = start.astimezone(SHANGHAI).year
        template = self._template(year)
        self._copies += 1
        name, clock = f"copy_{os.getpid()}_{self._copies}", MovableClock(start)
        system = self._system(self._store.copy(_seed(year), name), clock)
        return Stage(
            dataclasses.replace(system, context=template.context), clock, lambda: self._store.drop(name)
        )

    def _template(self, year: int) -> System:
        if year not in self._systems:
            new_year = MovableClock(datetime(year, 1, 1, tzinfo=SHANGHAI))
            system = self._system(self._store.make(_seed(year)), new_year)
            Base.metadata.create_all(system.database)
            with system.session() as session:
                seed_demo(session, self._processes, now=new_year())
                session.commit()
            bootstrap(system, since=new_year())
            system.database.dispose()
            self._systems[year] = system
        return self._systems[year]

    def _system(self, url: str, clock: MovableClock) -> System:
        settings = dataclasses.replace(
            read_settings(), data=self._folder, database_url=url, processes=self._processes
        )
        system = compose(settings, self._keys, clock)
        event.listen(system.database, "connect", _hasty)
        return system


class Stage:
    """One scenario's world."""

    def __init__(
        self, system: System, clock: MovableClock, forget: Callable[[], None] = lambda: None
    ) -> None:
        """`forget` deletes the database once nobody is connected."""
        self.system, self.clock, self._forget = system, clock, forget
        self._pump = make_pump(system, "scenario")

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
            with self.session() as session:
                remind(session, self.clock.at)
                session.commit()
            for queue in QUEUES:
                drain(self._pump, queue, self.clock)
        self.clock.move(to)

    def close(self) -> None:
        """Lets go of the database."""
        self.system.database.dispose()
        self._forget()

    def _next_due(self) -> datetime | None:
        with self.session() as session:
            job = session.scalar(select(func.min(Job.due_at)).where(Job.status == READY))
            look = session.scalar(select(func.min(Deadline.watch_at)).where(Deadline.status != "suspended"))
        return min((moment for moment in (job, look) if moment is not None), default=None)


def _hasty(connection: Any, record: object) -> None:
    """A scenario's database is thrown away: nothing of it must survive a power cut."""
    sqlite = isinstance(connection, sqlite3.Connection)
    connection.cursor().execute("PRAGMA synchronous=OFF" if sqlite else "SET synchronous_commit = off")
    connection.commit()


def _seed(year: int) -> str:
    return f"seed_{year}"
