"""`ducha serve`: makes everything ready, then the pages and the scheduler, each a process, ended together."""

from __future__ import annotations

import argparse
import dataclasses
import socket
from collections.abc import Callable

from command.children import run_children
from command.compose import System
from command.prepare import Prepared, prepare
from command.say import FAILED, Refused, say
from command.settings import Settings, read_settings
from command.web import serve_pages
from command.worker import work


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Registers the verb."""
    parser = subparsers.add_parser("serve", help="启动系统")
    parser.add_argument("--host", metavar="地址", help="监听的地址，默认 127.0.0.1（只限本机）")
    parser.add_argument("--port", type=int, metavar="端口", help="默认 8000；0 表示任意空闲端口")
    parser.add_argument("--no-worker", action="store_true", help="只开网页；调度由 ducha worker 另行运行")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Runs until SIGTERM or Ctrl-C.

    Raises:
        Refused: the port is taken, or a file is missing. DiagramError: the seed cannot be published.
    """
    settings = read_settings()
    settings = dataclasses.replace(
        settings,
        host=args.host or settings.host,
        port=_free_port(settings.host) if args.port == 0 else args.port or settings.port,
    )
    _need_port(settings)
    ready = prepare(settings)
    ready.system.database.dispose()  # no connection crosses a fork
    children: dict[str, Callable[[], int]] = {"网页": lambda: _pages(ready)}
    if not args.no_worker:
        children["调度"] = lambda: work(_reopened(ready.system), standing_by=True)
    return run_children(children)


def _pages(ready: Prepared) -> int:
    settings = ready.system.settings
    return serve_pages(_reopened(ready.system), settings.port, lambda: _announce(ready))


def _reopened(system: System) -> System:
    """The same system in a forked process, with a connection pool of its own."""
    system.database.dispose(close=False)
    return system


def _announce(ready: Prepared) -> None:
    settings = ready.system.settings
    if ready.published:
        say(f"已导入流程：{'、'.join(ready.published)}")
    say(f"督查台已就绪：http://{settings.host}:{settings.port}/  （按 Ctrl-C 停止）")
    if ready.demo:
        say("这是演示区：数据均为虚构，登录页列有演示账号。真实使用请先运行 ducha init")


def _need_port(settings: Settings) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError:
            raise Refused(
                f"端口 {settings.port} 已被占用：请用 --port 换一个，例如 --port {settings.port + 1}", FAILED
            ) from None


def _free_port(host: str) -> int:
    with socket.socket() as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])
