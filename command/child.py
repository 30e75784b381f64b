"""Does something in a process of its own, so that what it loads is not kept in memory."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable

from command.say import DONE, FAILED, complain


def done_apart(job: Callable[[], int]) -> int:
    """The exit code of `job`, run in a forked process that ends with it."""
    sys.stdout.flush()
    pid = os.fork()
    if pid:
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    code = FAILED
    try:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        code = job()
    except KeyboardInterrupt:
        code = DONE
    except Exception as error:  # whatever it was must be said before the process is gone
        complain(f"出错了：{error}")
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
