"""`ducha serve`: makes everything ready, then the pages and the scheduler, each a process, ended together."""

from __future__ import annotations

import argparse
import dataclasses
import os
import socket

from command.child import Child, fork
from command.compose import System, compose, ensure_keys
from command.prepare import prepare
from command.say import DONE, FAILED, Refused, complain, say, sentence
from command.settings import Settings, read_settings
from command.web import serve_pages
from command.worker import work
from engine.errors import EngineError
from supervision.setting import is_demo


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
    code = os.waitstatus_to_exitcode(os.waitpid(fork(lambda: _prepared(settings)), 0)[1])
    if code != DONE:
        return code
    system = compose(settings, ensure_keys(settings))
    pump = Child("调度", lambda: work(_reopened(system), standing_by=True))
    serve_pages(_reopened(system), [] if args.no_worker else [pump], lambda: _announce(system))
    return DONE


def _prepared(settings: Settings) -> int:
    """In a process of its own: what migrating and publishing need is not kept in memory."""
    try:
        if published := prepare(settings).published:
            say(f"已导入流程：{'、'.join(published)}")
    except (Refused, EngineError) as refusal:
        complain(sentence(refusal) if isinstance(refusal, EngineError) else str(refusal))
        return FAILED
    return DONE


def _reopened(system: System) -> System:
    """The same system for a forked process: no connection crosses a fork."""
    system.database.dispose(close=False)
    return system


def _announce(system: System) -> None:
    settings = system.settings
    say(f"督查台已就绪：http://{settings.host}:{settings.port}/  （按 Ctrl-C 停止）")
    with system.session() as session:
        if is_demo(session):
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
