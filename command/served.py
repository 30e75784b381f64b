"""What a worker of `ducha serve` is made of: the system, its pages and its pump."""

from __future__ import annotations

import gc
import threading

from command.compose import compose, ensure_keys
from command.pumping import stand_by
from command.say import say
from command.settings import Settings
from command.web import make_app
from supervision.setting import is_demo


class Served:
    """Made in the worker: no connection crosses a fork."""

    def __init__(self, settings: Settings) -> None:
        self._system = compose(settings, ensure_keys(settings))
        self.app = make_app(self._system)
        gc.collect()
        gc.freeze()  # it stays for good

    def pump(self, stop: threading.Event) -> threading.Thread:
        """Begins to stand by, in a thread of its own."""
        thread = threading.Thread(target=stand_by, args=(self._system, stop), name="pump", daemon=True)
        thread.start()
        return thread

    def announce(self) -> None:
        """Says where the pages are."""
        settings = self._system.settings
        say(f"督查台已就绪：http://{settings.host}:{settings.port}/  （按 Ctrl-C 停止）")
        with self._system.session() as session:
            if is_demo(session):
                say("这是演示区：数据均为虚构，登录页列有演示账号。真实使用请先运行 ducha init")
