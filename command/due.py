"""`ducha due RULE --from ISO`: the due day of a rule with its proof, from the files of processes/ alone."""

from __future__ import annotations

import argparse
import difflib
import json
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from command.say import DONE, FAILED, MISUSED, Refused, say, say_json
from command.settings import read_settings
from engine.deadline.calendar import Calendar
from engine.deadline.compute import Due, compute
from engine.deadline.export import export
from engine.deadline.json_lines import line_of
from engine.deadline.rule import Rule, RuleSet
from engine.deadline.rule_file import parse_rules
from engine.deadline.rule_words import extension_in_words, length_in_words
from engine.deadline.shanghai import SHANGHAI, day_in_words
from engine.deadline.verify import verify
from engine.errors import InvalidData

_MOST_SHOWN = 20
_LEVELS = {"L1": "黄灯（L1）", "L2": "红灯（L2）", "L3": "L3", "L4": "L4"}


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Registers the verb; `args.run(args)` prints and returns the exit code."""
    parser = subparsers.add_parser("due", help="计算一条期限规则的到期日，并给出逐日证明")
    parser.add_argument("key", nargs="?", metavar="KEY", help="期限规则的键，例如 CP-HANDLE")
    parser.add_argument(
        "--from", dest="start", metavar="ISO", help="起算日或时间；没有时区的时间按北京时间，例如 2026-02-27"
    )
    parser.add_argument("--json", action="store_true", help="输出一个 JSON 对象")
    parser.add_argument("--processes", type=Path, metavar="DIR", help="processes 目录")
    parser.add_argument("--verify", type=Path, metavar="FILE", help="核对一份导出的证明（--json 的输出）")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """0 done; 1 a proof that does not hold.

    Raises:
        Refused: wrongly asked (code 2), with the reason.
        InvalidData: deadlines.toml or a calendar file is wrong.
    """
    return _verify(args.verify) if args.verify else _due(args)


def _due(args: argparse.Namespace) -> int:
    if not args.key or not args.start:
        raise Refused("请写出规则的键和起算日，例如：ducha due CP-HANDLE --from 2026-02-27", MISUSED)
    processes = args.processes or read_settings().processes
    rule, calendar = _find(_rules(processes), args.key), _calendar(processes)
    try:
        due = compute(rule, calendar, _start(args.start))
    except InvalidData as error:
        raise Refused(f"--from {args.start}：{'；'.join(error.errors['start'])}", MISUSED) from error
    if args.json:
        say_json(export(due))
    else:
        for line in _lines(rule, due):
            say(line)
    return DONE


def _lines(rule: Rule, due: Due) -> Iterator[str]:
    yield f"{rule.key} {rule.step}：{length_in_words(rule)}；{extension_in_words(rule)}"
    yield f"到期日：{day_in_words(due.due_on)}{'（暂定）' if due.provisional else ''}"
    for level, day in due.levels.items():
        yield f"{_LEVELS[level]}：{day_in_words(day)}"
    yield "证明："
    yield from (f"  {sentence}" for sentence in due.proof["text"])
    for row in due.proof["days"]:
        reason = "" if row["why"].startswith(row["reason"]) else f"{row['reason']}，"
        yield f"  {row['on']}（{row['weekday']}）{reason}{row['why']}"


def _rules(directory: Path) -> RuleSet:
    path = directory / "deadlines.toml"
    if not path.is_file():
        raise Refused(f"没有找到期限规则文件“{path}”，请用 --processes 指明 processes 目录。", MISUSED)
    return parse_rules(path.read_text(encoding="utf-8"))


def _calendar(directory: Path) -> Calendar:
    """Every calendar/YEAR.toml; without any file all years are provisional."""
    files = (directory / "calendar").glob("[0-9][0-9][0-9][0-9].toml")
    return Calendar.from_tomls({int(path.stem): path.read_text(encoding="utf-8") for path in files})


def _find(rules: Mapping[str, Rule], key: str) -> Rule:
    if key in rules:
        return rules[key]
    near = difflib.get_close_matches(key.upper(), rules, n=5, cutoff=0.5)
    hint = f"相近的有：{'、'.join(near)}。" if near else f"现有 {len(rules)} 条规则，见 deadlines.toml。"
    raise Refused(f"没有期限规则“{key}”。{hint}", MISUSED)


def _start(text: str) -> date | datetime:
    try:
        return date.fromisoformat(text)
    except ValueError:
        pass
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        example = "2026-02-27 或 2026-02-27T23:30:00+08:00"
        raise Refused(f"--from {text}：这不是日期，请写成 {example}。", MISUSED) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)


def _proved(proof: Mapping[str, Any]) -> Iterator[str]:
    """What was proved, with the digest to hold against the paper."""
    yield "证明成立：逐日重新计算，结果一致。"
    if about := proof.get("about"):
        yield f"案号：{about.get('case', '')}；期限：{about.get('name', '')}"
    yield f"到期日：{day_in_words(date.fromisoformat(proof['result']['due_on']))}"
    yield f"摘要：{proof['digest']}"


def _verify(path: Path) -> int:
    try:
        text = path.read_text(encoding="utf-8-sig")
        content = json.loads(text)
    except (OSError, ValueError, RecursionError) as error:
        raise Refused(f"不能读出证明文件“{path}”：{error}", MISUSED) from error
    if not isinstance(content, dict):
        raise Refused(f"证明文件“{path}”应是一个 JSON 对象。", MISUSED)
    problems = verify(content)
    if not problems:
        for line in _proved(content.get("proof", content)):
            say(line)
        return DONE
    first, *more = problems
    number = line_of(text, first.place)
    say(f"证明不成立。第一处不符{f'在第 {number} 行' if number else ''}：{first}")
    if more:
        say(f"此后还有 {len(more)} 处：")
    for problem in more[:_MOST_SHOWN]:
        say(f"  {problem}")
    if len(more) > _MOST_SHOWN:
        say("  ……")
    return FAILED
