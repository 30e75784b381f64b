"""A child process forked from this one: shares its memory, dies with it, starts again when it dies."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import time
from collections.abc import Callable

from command.say import DONE, FAILED, complain

REST_S = 2.0
"""Between a death and the next start."""
GRACE_S = 10.0
"""How long it may take to end in good order."""
PR_SET_PDEATHSIG = 1


class Child:
    """`job` runs in the child and returns its exit code."""

    def __init__(self, name: str, job: Callable[[], int]) -> None:
        self._name, self._job = name, job
        self._pid = 0
        self._began = 0.0

    def tend(self) -> None:
        """Starts it when it is not running. Called again and again."""
        if self._pid and _alive(self._pid):
            return
        if self._pid and time.monotonic() - self._began < REST_S:
            return
        if self._pid:
            complain(f"“{self._name}”进程意外退出，重新启动")
        self._began = time.monotonic()
        self._pid = fork(self._job)

    def end(self) -> None:
        """Asks it to end, and ends it when it does not."""
        pid, self._pid = self._pid, 0
        if not pid or not _signal(pid, signal.SIGTERM):
            return
        deadline = time.monotonic() + GRACE_S
        while _alive(pid):
            if time.monotonic() > deadline:
                _signal(pid, signal.SIGKILL)
            time.sleep(0.05)


def fork(job: Callable[[], int]) -> int:
    """Runs `job` in a new process; returns its id to the parent."""
    parent = os.getpid()
    sys.stdout.flush()
    pid = os.fork()
    if pid:
        return pid
    code = FAILED
    try:
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD):
            signal.signal(number, signal.SIG_DFL)
        signal.set_wakeup_fd(-1)
        _die_with(parent)
        code = job()
    except KeyboardInterrupt:
        code = DONE
    except Exception as error:  # whatever it was must be said before the process is gone
        complain(f"出错了：{error}")
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _die_with(parent: int) -> None:
    """A child must not outlive a parent that was killed: it would keep the lease."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:
        os._exit(DONE)


def _alive(pid: int) -> bool:
    try:
        return os.waitpid(pid, os.WNOHANG)[0] == 0
    except ChildProcessError:  # somebody else has waited for it
        return False


def _signal(pid: int, number: signal.Signals) -> bool:
    try:
        os.kill(pid, number)
    except ProcessLookupError:  # it ended by itself meanwhile
        return False
    return True
