"""`ducha checklist publish FILE`: a new version of the checklist; without it, those there are."""

from __future__ import annotations

import argparse
from pathlib import Path

from command.calendar import read_text
from command.compose import open_system
from command.say import DONE, say
from command.user import CONSOLE
from supervision.inspection.checklist import parse
from supervision.inspection.versions import publish, versions


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Registers the verb."""
    parser = subparsers.add_parser("checklist", help="列出督查指标的版本，或发布新版本")
    parser.set_defaults(run=run_list)
    acts = parser.add_subparsers(dest="act", metavar="动作")
    new = acts.add_parser("publish", help="发布指标文件（格式同 processes/checklist 中的文件）")
    new.add_argument("file", type=Path, metavar="FILE")
    new.add_argument("--reason", default="", metavar="文字", help="修改理由，写入系统记录")
    new.add_argument("--check", action="store_true", help="只检查，不保存")
    new.set_defaults(run=run_publish)


def run_list(args: argparse.Namespace) -> int:
    """Every version, the one that takes effect last first."""
    with open_system().session() as session:
        for row in versions(session):
            say(f"{row.version} {row.name}：{row.effective_from} 起，{row.published_by} 发布")
    return DONE


def run_publish(args: argparse.Namespace) -> int:
    """Raises Refused (the file), InvalidData (its problems), Conflict (that version has other content)."""
    text = read_text(args.file)
    found = parse(text)
    if args.check:
        say(f"{found.name}：{len(found.items)} 项指标，检查通过，没有保存。")
        return DONE
    system = open_system()
    with system.session() as session:
        publish(session, text, by=CONSOLE, now=system.clock(), reason=args.reason)
        session.commit()
    say(f"{found.name} 已发布，{found.effective_from} 起用于以后选定它的检查和自查。")
    return DONE
