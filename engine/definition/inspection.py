"""Uploads are read in a child process first: what would hang or fill memory ends the child, not the server.

One child per process, begun when it is first needed, used again, replaced when it broke a limit or has
served long enough. Its answers are JSON, never objects.
"""

from __future__ import annotations

import atexit
import base64
import json
import os
import subprocess
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from engine.errors import DiagramError, Problem

ROOT = Path(__file__).parents[2]
LENGTH = 4
MAX_FILES = 200
MAX_BYTES = 20_000_000
"""Of a whole bundle."""


@dataclass(frozen=True)
class Limits:
    """What one bundle may cost."""

    cpu_s: int = 10
    memory_bytes: int = 600_000_000
    timeout_s: float = 20.0
    """Until the answer, starting the child included."""
    uses: int = 200
    """Bundles a child reads before it is replaced."""


class Inspector:
    """Serves one request at a time; other threads wait."""

    def __init__(self, limits: Limits = Limits(), command: tuple[str, ...] | None = None) -> None:
        self._limits, self._lock = limits, threading.Lock()
        self._command = command or (
            sys.executable, "-m", "engine.bpmn.inspected", str(limits.cpu_s), str(limits.memory_bytes),
        )  # fmt: skip
        self._child: subprocess.Popen[bytes] | None = None
        self._left = 0

    def inspect(self, files: Mapping[str, bytes]) -> None:
        """Returns when the bundle can be read safely and has nothing wrong by itself.

        Raises:
            DiagramError: with all problems, or because reading broke a limit.
        """
        _bound(files)
        request = json.dumps(
            {"files": {path: base64.b64encode(content).decode() for path, content in files.items()}}
        ).encode()
        with self._lock:
            answer = self._ask(request)
        problems = [Problem(*map(str, problem)) for problem in answer["problems"]]
        if problems:
            raise DiagramError(problems)

    def close(self) -> None:
        """Ends the child."""
        with self._lock:
            self._end()

    def _ask(self, request: bytes) -> Mapping[str, list[list[str]]]:
        child = self._running()
        timer = threading.Timer(self._limits.timeout_s, child.kill)
        timer.start()
        try:
            content = _exchange(child, request)
            answer: dict[str, list[list[str]]] = json.loads(content)
            self._left -= 1
            return answer
        except (OSError, EOFError, ValueError) as error:
            self._end()
            raise DiagramError([_broken()]) from error
        finally:
            timer.cancel()

    def _running(self) -> subprocess.Popen[bytes]:
        if self._child is None or self._child.poll() is not None or self._left <= 0:
            self._end()
            self._child = subprocess.Popen(
                self._command, cwd=ROOT, env={"PATH": os.defpath, "LANG": "C.UTF-8"},
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            )  # fmt: skip
            self._left = self._limits.uses
        return self._child

    def _end(self) -> None:
        child, self._child = self._child, None
        if child is None:
            return
        child.kill()
        child.communicate()


def _exchange(child: subprocess.Popen[bytes], request: bytes) -> bytes:
    """Raises EOFError when the child ended, OSError when it ended before it had read all."""
    assert child.stdin is not None
    assert child.stdout is not None
    child.stdin.write(len(request).to_bytes(LENGTH) + request)
    child.stdin.flush()
    head = child.stdout.read(LENGTH)
    if len(head) < LENGTH:
        raise EOFError
    content = child.stdout.read(int.from_bytes(head))
    if len(content) < int.from_bytes(head):
        raise EOFError
    return content


def _bound(files: Mapping[str, bytes]) -> None:
    size = sum(len(content) for content in files.values())
    if len(files) > MAX_FILES or size > MAX_BYTES:
        raise DiagramError(
            [
                Problem(
                    "",
                    f"流程包应不超过 {MAX_FILES} 个文件、{MAX_BYTES // 1_000_000} MB，"
                    f"但是有 {len(files)} 个文件、{size} 字节：请拆成几个流程包",
                )
            ]
        )


def _broken() -> Problem:
    return Problem(
        "", "读取流程文件时超出了时间或内存的限度，已中止：请检查文件是否由建模工具正常导出，或拆成几个流程"
    )


_shared: Inspector | None = None
_guard = threading.Lock()


def _forget() -> None:
    """A forked process has its own child; the parent's is not its to use."""
    global _shared, _guard
    _shared, _guard = None, threading.Lock()


os.register_at_fork(after_in_child=_forget)


def inspect(files: Mapping[str, bytes]) -> None:
    """With this process's own child. Raises DiagramError as `Inspector.inspect`."""
    global _shared
    with _guard:
        if _shared is None:
            _shared = Inspector()
            atexit.register(_shared.close)
    _shared.inspect(files)
