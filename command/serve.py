"""`ducha serve`: makes everything ready, then serves the pages with the scheduler beside them."""

from __future__ import annotations

import argparse
import dataclasses
import socket

from command.arbiter import serve
from command.child import done_apart
from command.say import DONE, FAILED, Refused, complain, say, sentence
from command.settings import Settings, read_settings
from engine.errors import EngineError
from engine.store.glance import is_ready

MOST_WORKERS = 64


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Registers the verb."""
    parser = subparsers.add_parser("serve", help="启动系统")
    parser.add_argument("--host", metavar="地址", help="监听的地址，默认 127.0.0.1（只限本机）")
    parser.add_argument("--port", type=int, metavar="端口", help="默认 8000；0 表示任意空闲端口")
    parser.add_argument(
        "--workers",
        type=_workers,
        default=1,
        metavar="个数",
        help="网页进程的个数，默认 1；每个处理器核一个即可",
    )
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
    code = done_apart(lambda: _prepared(settings))
    if code == DONE:
        serve(settings, workers=args.workers, pump=not args.no_worker)
    return code


def _prepared(settings: Settings) -> int:
    if settings.given.get("DUCHA_SMTP_URL"):
        from command.channels import open_senders

        open_senders(settings)  # a slip in the settings is told now, not by the first letter
    from supervision.cycles.file import FILE, read_cycles

    try:
        read_cycles(settings.processes)
    except EngineError as wrong:  # told now: without cycles nothing of the regulation would begin
        complain(f"{settings.processes / FILE} 有误，没有启动：{sentence(wrong)}")
        return FAILED
    if is_ready(settings.database_url):
        return DONE
    from command.prepare import prepare  # the whole program, and Alembic

    try:
        if published := prepare(settings).published:
            say(f"已导入流程：{'、'.join(published)}")
    except (Refused, EngineError) as refusal:
        complain(sentence(refusal) if isinstance(refusal, EngineError) else str(refusal))
        return FAILED
    return DONE


def _workers(word: str) -> int:
    if not word.isdigit() or not 1 <= int(word) <= MOST_WORKERS:
        raise argparse.ArgumentTypeError(f"--workers 应为 1 至 {MOST_WORKERS} 的整数，但是“{word}”")
    return int(word)


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
