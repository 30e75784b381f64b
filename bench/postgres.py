"""A PostgreSQL server of one's own, from Debian's package: made for a test run or a bench, gone with it.

It listens on a socket in its own folder only. As root it runs as Debian's user `postgres`, for the server
refuses to run as root; otherwise as whoever starts it.
"""

from __future__ import annotations

import ctypes
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import psycopg
from psycopg import sql

DEBIAN = Path("/usr/lib/postgresql")
USER = "postgres"
OWNER = "ducha"
PATIENCE_S = 30.0
CARELESS = ("fsync=off", "full_page_writes=off", "synchronous_commit=off")
"""For tests: nothing of theirs must survive a power cut."""
SETTINGS = ("listen_addresses=", "max_connections=60", "shared_buffers=64MB", "autovacuum_naptime=20s")
ALONE = """
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""
EMPTY = """
DO $$ DECLARE name regclass; BEGIN
  SET LOCAL session_replication_role = replica;  -- in any order: foreign keys are not looked at
  FOR name IN SELECT oid FROM pg_class
    WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname <> 'alembic_version'
  LOOP EXECUTE format('DELETE FROM %s', name); END LOOP;
END $$
"""
PR_SET_PDEATHSIG = 1


def binaries() -> Path | None:
    """The folder of the newest server installed, or None."""
    found = [path for path in DEBIAN.glob("*/bin") if (path / "initdb").exists()]
    return max(found, key=lambda path: float(re.sub(r"[^\d.]", "", path.parent.name) or 0), default=None)


class Postgres:
    """As a context: made and started on entering, stopped and deleted on leaving.

    Raises:
        RuntimeError: no server is installed, or it does not come up.
    """

    def __init__(self, *, careless: bool) -> None:
        """`careless` trades durability for speed."""
        self._settings = (*SETTINGS, *(CARELESS if careless else ()))
        self._server: subprocess.Popen[bytes] | None = None
        self._folder = Path()

    def __enter__(self) -> Self:
        programs = binaries()
        if programs is None:
            raise RuntimeError("Expected a PostgreSQL server below /usr/lib/postgresql, but there is none")
        self._folder = Path(tempfile.mkdtemp(prefix="ducha-pg-"))
        if os.getuid() == 0:
            shutil.chown(self._folder, USER)
        data = str(self._folder / "data")
        initdb = [f"--username={OWNER}", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
        self._run([str(programs / "initdb"), "-D", data, *initdb]).wait()
        options = [word for setting in self._settings for word in ("-c", setting)]
        self._server = self._run([str(programs / "postgres"), "-D", data, "-k", str(self._folder), *options])
        self._await()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()
        shutil.rmtree(self._folder, ignore_errors=True)

    @property
    def pid(self) -> int:
        """Process id of the server's first process; those of connections are its children."""
        assert self._server is not None
        return self._server.pid

    def url(self, database: str) -> str:
        """What DATABASE_URL is for one of its databases."""
        return f"postgresql://{OWNER}@/{database}?host={self._folder}"

    def create(self, database: str, template: str = "template1") -> str:
        """Makes a database, empty or a copy of one that nobody is connected to; returns its URL."""
        words = (
            "CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy"  # half the time of the other for small ones
        )
        self._do(sql.SQL(words).format(sql.Identifier(database), sql.Identifier(template)))
        return self.url(database)

    def drop(self, database: str) -> None:
        """Deletes a database, whoever is connected."""
        self._do(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(database)))

    def empty(self, database: str) -> None:
        """Deletes all rows but the migrations' own, and ends who is still connected: cheaper than a copy."""
        with psycopg.connect(self.url(database), autocommit=True) as connection:
            connection.execute(ALONE)
            connection.execute(EMPTY)

    def kill(self) -> None:
        """Ends the server at once, as a crash would."""
        if self._server is not None:
            self._server.send_signal(signal.SIGQUIT)
            self._server.wait(PATIENCE_S)
            self._server = None

    def _do(self, words: sql.Composed) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(words)

    def _await(self) -> None:
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            try:
                psycopg.connect(self.url("postgres")).close()
                return
            except psycopg.OperationalError:
                time.sleep(0.05)
        raise RuntimeError(f"Expected PostgreSQL to answer, but: {(self._folder / 'log').read_text()}")

    def _run(self, command: Sequence[str]) -> subprocess.Popen[Any]:
        user = {"user": USER, "group": USER, "extra_groups": []} if os.getuid() == 0 else {}
        with (self._folder / "log").open("ab") as log:
            return subprocess.Popen(
                command, cwd=self._folder, stdout=log, stderr=log, preexec_fn=_end_with_parent,
                env={"PATH": os.defpath, "LC_ALL": "C.UTF-8"}, **user,  # type: ignore[call-overload]
            )  # fmt: skip


def _end_with_parent() -> None:
    """Also when the test run is killed the server ends."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGQUIT)
