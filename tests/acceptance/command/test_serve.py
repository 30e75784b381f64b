"""`ducha serve` as a process: it answers, its scheduler lives beside it, and all of it ends together."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bench.postgres import Postgres
from command.compose import open_system
from command.pumping import LEASE
from engine.store.tables import Lease

from .conftest import Ducha

PATIENCE_S = 60


@contextmanager
def serving(*words: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "command.main", "serve", "--port", "0", *words],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=dict(os.environ),
    )  # fmt: skip
    assert process.stdout is not None
    address = ""
    for line in process.stdout:
        if found := re.search(r"http://\S+", line):
            address = found[0]
            break
    yield process, address
    process.kill()
    process.communicate()


@pytest.fixture
def server(demo: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    with serving() as served:
        yield served


def family(pid: int) -> list[int]:
    """Ids of the processes that descend from `pid`."""
    listed = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True)
    return [int(word) for word in listed.stdout.split()]


def comes(true: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        if true():
            return True
        time.sleep(0.1)
    return False


def gone(pids: list[int]) -> bool:
    return comes(lambda: not any(Path(f"/proc/{pid}/stat").exists() for pid in pids))


def lease_holder() -> str:
    """The process that has the lease, "" while nobody has."""
    system = open_system()
    with system.session() as session:
        lease = session.get(Lease, LEASE)
    system.database.dispose()
    return lease.owner.split(":")[1] if lease else ""


def lease_is_held() -> bool:
    return lease_holder() != ""


def test_it_answers_and_its_scheduler_refuses_a_second_one(
    server: tuple[subprocess.Popen[str], str], ducha: Ducha
) -> None:
    _, address = server
    for page in ("", "login", "query"):
        assert urllib.request.urlopen(f"{address}{page}").status == 200
    assert comes(lease_is_held)  # the scheduler takes its lease a moment after the pages answer
    code, _, err = ducha("worker")
    assert code == 1
    assert "另一个调度进程" in err


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_one_signal_ends_all_of_it(server: tuple[subprocess.Popen[str], str], number: signal.Signals) -> None:
    process, _ = server
    everybody = [process.pid, *family(process.pid)]
    assert len(everybody) == 2  # the arbiter, and one worker with pages and scheduler
    process.send_signal(number)
    assert process.wait(PATIENCE_S) == 0
    assert gone(everybody)


def test_a_killed_parent_takes_the_others_along(server: tuple[subprocess.Popen[str], str]) -> None:
    process, _ = server
    children = family(process.pid)
    process.kill()
    process.wait(PATIENCE_S)
    assert gone(children)


def test_a_killed_worker_comes_back(server: tuple[subprocess.Popen[str], str]) -> None:
    process, address = server
    (killed,) = family(process.pid)
    os.kill(killed, signal.SIGKILL)
    assert comes(lambda: family(process.pid) not in ([], [killed]))
    assert urllib.request.urlopen(f"{address}login").status == 200
    assert process.poll() is None


def test_a_port_that_is_taken_is_said_so(server: tuple[subprocess.Popen[str], str], ducha: Ducha) -> None:
    _, address = server
    port = address.rstrip("/").rsplit(":", 1)[1]
    code, _, err = ducha("serve", "--port", port)
    assert code == 1
    assert f"端口 {port} 已被占用" in err


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_several_workers_share_the_work_and_one_of_them_has_the_scheduler(
    database: str, data: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    # given a server on an empty database
    if database == "postgresql":
        postgres: Postgres = request.getfixturevalue("postgres")
        monkeypatch.setenv("DATABASE_URL", postgres.create("served"))
    with serving("--workers", "3") as (process, address):
        workers = family(process.pid)
        assert len(workers) == 3
        assert comes(lease_is_held)
        assert int(lease_holder()) in workers
        # when the one with the scheduler is killed
        os.kill(int(lease_holder()), signal.SIGKILL)
        # then it is replaced, and nobody who asks notices
        assert comes(lambda: len(family(process.pid)) == 3 and family(process.pid) != workers)
        for _ in range(6):
            assert urllib.request.urlopen(f"{address}login").status == 200
        everybody = [process.pid, *family(process.pid)]
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE_S) == 0
        assert gone(everybody)


@pytest.mark.parametrize("number", ["0", "many", "65"])
def test_a_number_of_workers_that_is_none_is_refused(number: str, ducha: Ducha) -> None:
    code, _, err = ducha("serve", "--workers", number)
    assert code == 2
    assert "--workers 应为 1 至 64 的整数" in err
