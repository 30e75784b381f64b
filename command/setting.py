"""`ducha setting`: the questions a district decides, their values in force, and changing one."""

from __future__ import annotations

import argparse

from command.compose import open_system
from command.say import DONE, say, say_json
from command.user import CONSOLE
from supervision.setting.change import answers, change_setting


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Registers the verb."""
    parser = subparsers.add_parser("setting", help="查看、修改区的设置")
    acts = parser.add_subparsers(dest="act", metavar="动作", required=True)
    shown = acts.add_parser("list", help="列出全部设置和正在使用的值")
    shown.add_argument("--json", action="store_true", help="输出一个 JSON 对象")
    shown.set_defaults(run=run_list)
    changed = acts.add_parser("set", help="修改一项设置")
    changed.add_argument("key", metavar="KEY")
    changed.add_argument("value", metavar="VALUE", help="期限写“30 自然日”，周期日写“06-01、12-01”")
    changed.add_argument("--reason", default="", metavar="文字", help="修改理由，写入系统记录")
    changed.set_defaults(run=run_set)


def run_list(args: argparse.Namespace) -> int:
    """Raises Refused: no database."""
    system = open_system()
    with system.session() as session:
        found = answers(session, system.context)
    if args.json:
        say_json(
            {
                "settings": [
                    {
                        "key": one.known.key, "question": one.known.question, "label": one.known.label,
                        "value": one.value, "words": one.words, "answered": one.answered,
                        "default": one.known.default, "options": dict(one.known.options),
                        "effect": one.known.effect, "clause": list(one.known.clause),
                    }
                    for one in found
                ]
            }
        )  # fmt: skip
        return DONE
    for one in found:
        mark = "" if one.answered else "（默认）"
        say(f"{one.known.question:>2}  {one.known.key}  {one.known.label}：{one.words}{mark}")
    return DONE


def run_set(args: argparse.Namespace) -> int:
    """Raises NotFound, InvalidData and Conflict as `change_setting`."""
    system = open_system()
    with system.session() as session:
        change_setting(
            session, system.context, args.key, args.value,
            reason=args.reason, by=CONSOLE, now=system.clock(),
        )  # fmt: skip
        session.commit()
    say(f"设置 {args.key} 已改为“{args.value}”。")
    return DONE
