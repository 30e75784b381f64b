"""The web server: gunicorn with one threaded worker around the pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

from command.compose import System, ensure_secret
from command.say import DONE
from forms.app import create_app
from forms.settings import PageSettings
from supervision.setting import get_setting

THREADS = 8
LOCAL = ("127.0.0.1", "localhost", "::1")


def make_app(system: System) -> Flask:
    """The pages of this district. Cookies travel over plain HTTP only on one's own machine."""
    with system.session() as session:
        district = str(get_setting(session, "district", ""))
    settings = PageSettings(
        secret_key=ensure_secret(system.settings),
        district=district,
        secure_cookies=system.settings.host not in LOCAL,
        privacy_notice=_notice(system, "privacy.txt"),
    )
    return create_app(
        settings, clock=system.clock, sessions=system.sessions, context=system.context, keys=system.keys
    )


def _notice(system: System, name: str) -> str:
    path = system.settings.processes / "notices" / name
    return path.read_text().strip() if path.exists() else ""


def serve_pages(system: System, port: int, ready: Callable[[], None]) -> int:
    """Serves until SIGTERM; `ready` is called once the worker answers."""

    class Server(BaseApplication):
        """Takes its options from here and from nowhere else."""

        def load_config(self) -> None:
            for name, value in _options(system, port, ready).items():
                self.cfg.set(name, value)

        def load(self) -> Flask:
            return make_app(system)

    Server().run()
    return DONE


def _options(system: System, port: int, ready: Callable[[], None]) -> dict[str, Any]:
    return {
        "bind": f"{system.settings.host}:{port}",
        "workers": 1,
        "worker_class": "gthread",
        "threads": THREADS,
        "control_socket_disable": True,
        "accesslog": None,  # no address of anybody is written down
        "loglevel": "warning",
        "graceful_timeout": 5,
        "proc_name": "ducha",
        "post_worker_init": lambda worker: ready(),
    }
