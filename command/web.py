"""The web server: gunicorn with one threaded worker around the pages, and children that live as long."""

from __future__ import annotations

import gc
from collections.abc import Callable, Sequence
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter

from command.checks import upload_check
from command.child import Child
from command.compose import System, ensure_secret
from forms.app import create_app
from forms.settings import PageSettings
from supervision.document.template import Templates
from supervision.setting import get_setting

THREADS = 8


def make_app(system: System) -> Flask:
    """The pages of this district."""
    with system.session() as session:
        district = str(get_setting(session, "district", ""))
    given, processes = system.settings, system.settings.processes
    settings = PageSettings(
        secret_key=ensure_secret(system.settings),
        district=district,
        secure_cookies=given.https,
        privacy_notice=(processes / "notices" / "privacy.txt").read_text(),
        clauses=Templates(processes).clauses,
        complaints_an_hour=given.complaints_an_hour,
        queries_an_hour=given.queries_an_hour,
        trusted_hops=given.trusted_hops,
    )
    return create_app(
        settings, clock=system.clock, sessions=system.sessions, context=system.context, keys=system.keys,
        check=upload_check(processes),
    )  # fmt: skip


def serve_pages(system: System, children: Sequence[Child], ready: Callable[[], None]) -> None:
    """Serves until a signal comes. `ready` is called in the worker once it answers."""
    gc.collect()
    gc.freeze()  # what is there now is shared by all forked processes and need not be looked at again
    Server(system, children, ready).run()


class Server(BaseApplication):
    """Takes its options from here and from nowhere else."""

    def __init__(self, system: System, children: Sequence[Child], ready: Callable[[], None]) -> None:
        self._system, self._ready, self.children = system, ready, children
        super().__init__()

    def load_config(self) -> None:
        """gunicorn asks for its options."""
        settings = self._system.settings
        options: dict[str, Any] = {
            "bind": f"{settings.host}:{settings.port}",
            "workers": 1,
            "worker_class": "gthread",
            "threads": THREADS,
            "control_socket_disable": True,
            "accesslog": None,  # no address of anybody is written down
            "loglevel": "error",
            "graceful_timeout": 5,
            "post_worker_init": lambda worker: self._ready(),
        }
        for name, value in options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """gunicorn asks, in the worker, for the pages."""
        return make_app(self._system)

    def run(self) -> None:
        """Until a signal comes."""
        Together(self).run()


class Together(Arbiter):
    """Tends the children beside its own workers, and ends them with itself."""

    def manage_workers(self) -> None:
        """Called about once a second."""
        super().manage_workers()
        for child in self.app.children:
            child.tend()

    def handle_hup(self) -> None:
        """The terminal was closed: end, instead of gunicorn's reload."""
        self.handle_term()

    def stop(self, graceful: bool = True) -> None:
        """Everything ends."""
        for child in self.app.children:
            child.end()
        super().stop(graceful)
