"""`ducha rules publish FILE`: a new version of deadlines.toml, its effect shown or carried out."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from command.calendar import read_text
from command.compose import open_system
from command.say import DONE, say
from command.user import CONSOLE
from supervision.deadlines.rule_change import RuleEffect, change_rules, preview_rules


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Registers the verb."""
    parser = subparsers.add_parser("rules", help="发布期限规则的新版本")
    acts = parser.add_subparsers(dest="act", metavar="动作", required=True)
    publish = acts.add_parser("publish", help="发布规则文件（格式同 processes/deadlines.toml）")
    publish.add_argument("file", type=Path, metavar="FILE")
    publish.add_argument("--reason", default="", metavar="文字", help="修改理由，写入系统记录")
    publish.add_argument("--check", action="store_true", help="只检查并列出影响，不保存")
    publish.set_defaults(run=run_publish)


def run_publish(args: argparse.Namespace) -> int:
    """Raises Refused (the file), InvalidData and Conflict as `change_rules`."""
    text, system = read_text(args.file), open_system()
    now = system.clock()
    with system.session() as session:
        if args.check:
            _list(preview_rules(session, system.context, text, now))
            say("检查通过，没有保存。")
            return DONE
        version, effects = change_rules(
            session, system.context, text, reason=args.reason, by=CONSOLE, now=now
        )
        digest = version.digest
        session.commit()
    _list(effects)
    say(f"期限规则新版本 {digest[:8]} 已发布，只用于以后开始的期限。")
    return DONE


def _list(effects: Sequence[RuleEffect]) -> None:
    for effect in effects:
        say(f"{effect.key} {effect.step}：{effect.before or '（新增）'} → {effect.after}。{effect.sentence}")
    if not effects:
        say("与正在使用的规则没有不同。")
