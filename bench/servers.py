"""The two servers under test, each with two gunicorn workers of eight threads, and their clients."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from bench.api_site import prepared
from bench.eleven import answers
from bench.naive_server import create_tables

ROOT = Path(__file__).resolve().parents[1]
WORKERS, THREADS = 2, 8
PATIENCE_S = 90.0


class Client:
    """One connection that stays open."""

    def __init__(self, port: int, headers: dict[str, str]) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._headers = {"Content-Type": "application/json", **headers}

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """The answer's JSON. Raises RuntimeError for an answer that says no."""
        content = None if body is None else json.dumps(body).encode()
        self._connection.request(method, path, content, self._headers)
        answer = self._connection.getresponse()
        text = answer.read()
        if answer.status >= 400:
            raise RuntimeError(f"{answer.status} {text[:300]!r}")
        return json.loads(text)


@dataclass
class Server:
    """A server that runs, in words common to both: start a case, complete its task, name the next."""

    process: subprocess.Popen[bytes]
    port: int
    headers: dict[str, str] = field(default_factory=dict)

    def client(self) -> Client:
        return Client(self.port, self.headers)

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(PATIENCE_S)


S = TypeVar("S", bound=Server)


class Ours(Server):
    """`ducha serve` on a seeded district, spoken to through the API."""

    def start(self, client: Client, process: str) -> tuple[str, str | None]:
        begun = client.ask("POST", "/api/v1/instances", {"definition": process})
        return begun["id"], begun["next"][0]["id"]

    def complete(self, client: Client, case: str, task: str, number: int) -> str | None:
        done = client.ask("POST", f"/api/v1/tasks/{task}/complete", {"data": answers(number)})
        return done["next"][0]["id"] if done["next"] else None


class Naive(Server):
    """The naive design."""

    def start(self, client: Client, process: str) -> tuple[str, str | None]:
        begun = client.ask("POST", f"/start/{process}")
        return begun["case"], begun["task"]

    def complete(self, client: Client, case: str, task: str, number: int) -> str | None:
        next_task: str | None = client.ask("POST", f"/complete/{case}/{task}", answers(number))["task"]
        return next_task


def ours(folder: Path, url: str = "") -> Ours:
    """Prepared in `folder`, with its database there or at `url`."""
    system, key = prepared(folder, url)
    system.database.dispose()
    port = _free_port()
    environ = {"DUCHA_DATA": str(folder), **({"DATABASE_URL": url} if url else {})}
    process = _run(["-m", "command.main", "serve", "--port", str(port), "--workers", str(WORKERS)], environ)
    return _ready(Ours(process, port, {"Authorization": f"Bearer {key}"}), "/api/v1/openapi.json")


def naive(url: str) -> Naive:
    """With its database at `url`."""
    create_tables(url)
    port = _free_port()
    words = ["-m", "gunicorn", "bench.naive_server:application", "--bind", f"127.0.0.1:{port}"]
    words += ["--workers", str(WORKERS), "--threads", str(THREADS), "--log-level", "error"]
    return _ready(Naive(_run([*words, "--no-control-socket"], {"NAIVE_DATABASE": url}), port), "/")


def _run(words: list[str], environ: dict[str, str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, *words], cwd=ROOT, env={**os.environ, **environ}, stdout=subprocess.DEVNULL
    )


def _ready(server: S, path: str) -> S:
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline and server.process.poll() is None:
        try:
            asked = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
            asked.request("GET", path)
            asked.getresponse().read()
            return server
        except OSError:
            time.sleep(0.05)
    raise RuntimeError("Expected the server to answer, but it did not")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
