"""`ducha publish PATH…`: a new version of each folder, drafted by one person, released by another."""

from __future__ import annotations

import argparse
from datetime import datetime
from pathlib import Path

import engine.definition
from command.bundles import bundles_at
from command.checks import checker_for
from command.compose import open_system
from command.coverage import coverage_problems
from command.instants import read_instant
from command.say import DONE, say, say_json
from engine.errors import DiagramError


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Registers the verb."""
    parser = subparsers.add_parser("publish", help="发布流程的新版本")
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="流程文件夹，或它们所在的文件夹")
    parser.add_argument("--by", required=True, metavar="LOGIN", help="起草人")
    parser.add_argument("--approved-by", required=True, metavar="LOGIN", help="发布人，不能与起草人相同")
    parser.add_argument("--effective-from", metavar="ISO", help="生效时间（北京时间），默认立即")
    parser.add_argument("--note", default="", metavar="文字", help="修改说明")
    parser.add_argument("--json", action="store_true", help="输出一个 JSON 对象")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Publishes all or nothing; the same files again are the version already there.

    Raises:
        DiagramError: with all problems, or with the clauses that would be left without anything.
        Refused: see `open_system`.
    """
    system = open_system()
    now = system.clock()
    effective: datetime | None = (
        read_instant(args.effective_from, "--effective-from") if args.effective_from else None
    )
    bundles = bundles_at(args.paths)
    neighbours = bundles_at([system.settings.processes]) if system.settings.processes.is_dir() else {}
    if uncovered := coverage_problems(system.settings.processes, neighbours | bundles):
        raise DiagramError(uncovered)
    with system.session() as session:
        before = {d.id for key in bundles for d in engine.definition.versions(session, key)}
        versions = engine.definition.publish_set(
            session, bundles, by=args.by, approved_by=args.approved_by, now=now, effective_from=effective,
            note=args.note, check=checker_for(system.settings.processes, neighbours | bundles),
        )  # fmt: skip
        session.commit()
    if args.json:
        say_json(
            {
                "versions": [
                    {"key": v.key, "version": v.version, "digest": v.digest, "new": v.id not in before}
                    for v in versions
                ]
            }
        )
        return DONE
    for version in versions:
        state = "已发布" if version.id not in before else "内容未变，仍为"
        say(f"{version.key} {version.name}：{state}第 {version.version} 版")
    return DONE
