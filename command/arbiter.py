"""The processes of `ducha serve`: gunicorn's arbiter, and workers that each have the pages and a pump.

The arbiter loads nothing but gunicorn, so that it costs a fifth of a worker. The pump is a thread of every
worker; one of them has the lease, the others stand by. Several workers are forked from a parent that has
loaded the program, and share its memory.
"""

from __future__ import annotations

import gc
import importlib
import threading
from typing import Any

from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter

from command.settings import Settings

THREADS = 8
GRACE_S = 5
"""How long requests that were begun may take to end, and the pump its job."""


def serve(settings: Settings, *, workers: int, pump: bool) -> None:
    """Until a signal comes; a worker that dies is replaced. `pump` is whether the workers have one."""
    if workers > 1:
        importlib.import_module("command.served")
        gc.collect()
        gc.freeze()  # what is there now is shared and need not be looked at again
    Server(settings, workers, pump).run()


class Server(BaseApplication):
    """Takes its options from here and from nowhere else."""

    def __init__(self, settings: Settings, workers: int, pump: bool) -> None:
        self._settings, self._workers, self._pump = settings, workers, pump
        self._stop, self._pumping = threading.Event(), threading.Thread()
        super().__init__()

    def load_config(self) -> None:
        """gunicorn asks for its options."""
        options: dict[str, Any] = {
            "bind": f"{self._settings.host}:{self._settings.port}",
            "workers": self._workers,
            "worker_class": "gthread",
            "threads": THREADS,
            "control_socket_disable": True,
            "accesslog": None,  # no address of anybody is written down
            "loglevel": "error",
            "graceful_timeout": GRACE_S,
            "post_worker_init": self._begun,
            "worker_exit": self._ended,
        }
        for name, value in options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """gunicorn asks, in the worker, for the pages."""
        from command.served import Served  # the program itself: not kept in the arbiter's memory

        self._served = Served(self._settings)
        return self._served.app

    def run(self) -> None:
        """Until a signal comes."""
        Together(self).run()

    def _begun(self, worker: Any) -> None:
        """In the worker, once it answers."""
        if self._pump:
            self._pumping = self._served.pump(self._stop)
        if worker.age == 1:
            self._served.announce()

    def _ended(self, arbiter: Any, worker: Any) -> None:
        """In the worker, after its last request."""
        self._stop.set()
        if self._pumping.is_alive():
            self._pumping.join(GRACE_S)


class Together(Arbiter):
    """Ends when its terminal is closed."""

    def handle_hup(self) -> None:
        """Instead of gunicorn's reload."""
        self.handle_term()
