"""`ducha calendar load FILE`: a year's holiday notice; its effect on what runs is shown, or carried out."""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from pathlib import Path

from command.compose import open_system
from command.say import DONE, MISUSED, Refused, say
from command.user import CONSOLE
from engine.deadline.shanghai import day_in_words
from supervision.deadlines.calendars import Effect, load_year, preview


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Registers the verb."""
    parser = subparsers.add_parser("calendar", help="录入一年的放假安排，重算在办的期限")
    acts = parser.add_subparsers(dest="act", metavar="动作", required=True)
    load = acts.add_parser("load", help="录入年度文件（格式同 processes/calendar/2026.toml）")
    load.add_argument("file", type=Path, metavar="FILE", help="文件名应为 年份.toml")
    load.add_argument("--reason", default="", metavar="文字", help="修改理由，写入系统记录")
    load.add_argument("--check", action="store_true", help="只检查并列出影响，不保存")
    load.set_defaults(run=run_load)


def run_load(args: argparse.Namespace) -> int:
    """Raises Refused (the file), InvalidData, Conflict and StepFailed as `load_year`."""
    year, text = _read(args.file)
    system = open_system()
    now = system.clock()
    with system.session() as session:
        if args.check:
            effects, certain = preview(session, system.context, year, text, now)
            _list(effects, certain)
            say("检查通过，没有保存。")
            return DONE
        done = load_year(session, system.context, year, text, reason=args.reason, by=CONSOLE, now=now)
        _list(done.effects, done.certain)
        version = done.version.version
        session.commit()
    say(f"{year} 年工作日历第 {version} 版已生效。")
    return DONE


def _list(effects: Sequence[Effect], certain: int) -> None:
    for effect in effects:
        moved = f"{day_in_words(effect.before)} → {day_in_words(effect.after)}"
        say(f"{effect.case}“{effect.name}”：{moved}（{'、'.join(effect.people) or '无承办人'}）")
    say(f"{len(effects)} 项在办期限的到期日移动，另有 {certain} 项只更新“暂定”标记或提醒日。")


def _read(path: Path) -> tuple[int, str]:
    if not re.fullmatch(r"\d{4}", path.stem):
        raise Refused(f"文件名应为“年份.toml”，例如 2027.toml，但是“{path.name}”", MISUSED)
    return int(path.stem), read_text(path)


def read_text(path: Path) -> str:
    """The text of a file. Raises Refused."""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(f"读不出文件“{path}”：应是 UTF-8 编码的文本（{error}）", MISUSED) from error
