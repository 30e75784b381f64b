"""Child processes of `ducha serve`: forked from one image, restarted when they die, ended together."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import time
from collections.abc import Callable, Mapping
from types import FrameType

from command.say import DONE, FAILED, complain

GRACE_S = 10
"""How long children may take to end in good order."""
RESTART_AFTER_S = 1.0
QUICK_DEATHS = 5
"""Deaths within `RESTART_AFTER_S` each, in a row, after which starting again is given up."""
PR_SET_PDEATHSIG = 1


class Stop(Exception):
    """Somebody asked the whole to end."""


def run_children(children: Mapping[str, Callable[[], int]]) -> int:
    """Runs every child in a process of its own until a signal comes; returns the exit code."""
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, _stop)
    born: dict[int, tuple[str, float]] = {}
    deaths = dict.fromkeys(children, 0)
    code = DONE
    try:
        for name, job in children.items():
            born[_fork(job)] = (name, time.monotonic())
        while born:
            pid, status = os.wait()
            name, since = born.pop(pid, ("", 0.0))
            if not name:
                continue
            deaths[name] = deaths[name] + 1 if time.monotonic() - since < RESTART_AFTER_S * 5 else 1
            if deaths[name] >= QUICK_DEATHS or os.waitstatus_to_exitcode(status) == FAILED:
                complain(f"“{name}”进程不能启动，系统停止")
                code = FAILED
                break
            complain(f"“{name}”进程意外退出，正在重新启动")
            time.sleep(RESTART_AFTER_S)
            born[_fork(children[name])] = (name, time.monotonic())
    except Stop:
        pass
    finally:
        _end(list(born))
    return code


def _fork(job: Callable[[], int]) -> int:
    parent = os.getpid()
    pid = os.fork()
    if pid:
        return pid
    code = FAILED
    try:
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)
        _die_with(parent)
        code = job()
    except KeyboardInterrupt:
        code = DONE
    except SystemExit as leaving:
        code = leaving.code if isinstance(leaving.code, int) else FAILED
    except Exception as error:  # the parent must hear of it, whatever it was
        complain(f"出错了：{error}")
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _die_with(parent: int) -> None:
    """A child must not outlive a parent that was killed: it would keep the port and the lease."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:
            os._exit(DONE)


def _end(pids: list[int]) -> None:
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    for pid in pids:
        _signal(pid, signal.SIGTERM)
    deadline = time.monotonic() + GRACE_S
    while pids and time.monotonic() < deadline:
        pids = [pid for pid in pids if not _gone(pid)]
        time.sleep(0.05)
    for pid in pids:
        _signal(pid, signal.SIGKILL)
        _gone(pid)


def _gone(pid: int) -> bool:
    try:
        return os.waitpid(pid, os.WNOHANG)[0] == pid
    except ChildProcessError:
        return True


def _signal(pid: int, number: signal.Signals) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:  # it ended by itself meanwhile
        return


def _stop(number: int, frame: FrameType | None) -> None:
    raise Stop
