"""`ducha serve` as a process: it answers, its scheduler lives beside it, and all of it ends together."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from command.compose import open_system
from command.worker import LEASE
from engine.store.tables import Lease

from .conftest import Ducha

PATIENCE_S = 60


@pytest.fixture
def server(demo: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "command.main", "serve", "--port", "0"],
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


def family(pid: int) -> list[int]:
    """Ids of the processes that descend from `pid`."""
    listed = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True)
    return [int(word) for word in listed.stdout.split()]


def gone(pids: list[int]) -> bool:
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        if not any(Path(f"/proc/{pid}/stat").exists() for pid in pids):
            return True
        time.sleep(0.1)
    return False


def lease_is_held() -> bool:
    system = open_system()
    with system.session() as session:
        held = session.get(Lease, LEASE) is not None
    system.database.dispose()
    return held


def test_it_answers_and_its_scheduler_refuses_a_second_one(
    server: tuple[subprocess.Popen[str], str], ducha: Ducha
) -> None:
    _, address = server
    for page in ("", "login", "query"):
        assert urllib.request.urlopen(f"{address}{page}").status == 200
    deadline = time.monotonic() + PATIENCE_S
    while not lease_is_held():  # the scheduler takes its lease a moment after the pages answer
        assert time.monotonic() < deadline
        time.sleep(0.2)
    code, _, err = ducha("worker")
    assert code == 1
    assert "另一个调度进程" in err


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_one_signal_ends_all_of_it(server: tuple[subprocess.Popen[str], str], number: signal.Signals) -> None:
    process, _ = server
    everybody = [process.pid, *family(process.pid)]
    assert len(everybody) == 3  # the parent, the pages, the scheduler
    process.send_signal(number)
    assert process.wait(PATIENCE_S) == 0
    assert gone(everybody)


def test_a_killed_parent_takes_the_others_along(server: tuple[subprocess.Popen[str], str]) -> None:
    process, _ = server
    children = family(process.pid)
    process.kill()
    process.wait(PATIENCE_S)
    assert gone(children)


def test_a_killed_scheduler_comes_back(server: tuple[subprocess.Popen[str], str]) -> None:
    process, _ = server
    before = family(process.pid)
    for pid in before:
        os.kill(pid, signal.SIGKILL)  # the pages too: both are started again
    deadline = time.monotonic() + PATIENCE_S
    while len(set(family(process.pid)) - set(before)) < 2:
        assert time.monotonic() < deadline
        time.sleep(0.2)
    assert process.poll() is None


def test_a_port_that_is_taken_is_said_so(server: tuple[subprocess.Popen[str], str], ducha: Ducha) -> None:
    _, address = server
    port = address.rstrip("/").rsplit(":", 1)[1]
    code, _, err = ducha("serve", "--port", port)
    assert code == 1
    assert f"端口 {port} 已被占用" in err
