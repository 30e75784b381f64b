"""`ducha cycles`: what recurs, what ran, what was skipped and why, and what is next."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from command.compose import open_system
from command.say import DONE, MISUSED, Refused, say, say_json
from engine.deadline.shanghai import LAST_YEAR, SHANGHAI, date_of, day_in_words
from supervision.cycles.file import read_cycles
from supervision.cycles.look import Coming, CycleView, Ran, look

TWO_YEARS = timedelta(days=731)
STATES = {"started": "已启动", "planned": "正在启动", "failed": "启动失败，见异常处理", "skipped": "未开始"}


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Registers the verb."""
    parser = subparsers.add_parser("cycles", help="列出周期流程：已开始的、跳过的、以后的日期")
    parser.add_argument("--until", metavar="DATE", help="列到哪一天，例如 2027-12-31；默认两年")
    parser.add_argument("--json", action="store_true", help="输出一个 JSON 对象")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Raises Refused (no database, or a day nobody can mean) and InvalidData (cycles.toml)."""
    system = open_system()
    now = system.clock()
    until = _until(args.until, date_of(now))
    cycles = read_cycles(system.settings.processes)
    with system.session() as session:
        calendar = system.context.calendar(session)
        views = [look(session, cycle, calendar, now, until) for cycle in cycles]
    if args.json:
        say_json({"until": until.isoformat(), "cycles": [_as_json(view) for view in views]})
        return DONE
    for line in _lines(views):
        say(line)
    return DONE


def _until(text: str | None, today: date) -> date:
    if text is None:
        return today + TWO_YEARS
    try:
        until = date.fromisoformat(text)
    except ValueError:
        raise Refused(f"--until：“{text}”不是日期，请写成 2027-12-31", MISUSED) from None
    if not today <= until <= date(LAST_YEAR, 12, 31):
        raise Refused(f"--until：{until} 应在今天（{today}）以后、{LAST_YEAR} 年以前", MISUSED)
    return until


def _lines(views: Sequence[CycleView]) -> Iterator[str]:
    if not views:
        yield "没有周期：cycles.toml 是空的，或者没有这个文件。"
    for view in views:
        marks = [] if view.process_name else ["未发布"]
        if view.state and view.state.paused_at:
            marks.append(f"已暂停：{view.state.pause_reason}")
        yield f"{view.cycle.key} {view.cycle.name}：{view.rule}{''.join(f'【{mark}】' for mark in marks)}"
        yield from (f"  {_ran_line(ran)}" for ran in reversed(view.ran))
        yield from (f"  {_coming_line(one)}" for one in view.coming)


def _ran_line(ran: Ran) -> str:
    parts = [f"{ran.run.label}  {day_in_words(ran.run.cycle_on)}  {STATES[ran.state]}"]
    parts += [part for part in (ran.late, ran.run.reason or ran.run.moved, ran.error) if part]
    return "  ".join([*parts, ran.overlap] if ran.overlap else parts)


def _coming_line(one: Coming) -> str:
    starts = one.due_at.astimezone(SHANGHAI)
    early = f"  {day_in_words(starts.date())}开始" if starts.date() != one.on else ""
    mark = "（暂定）" if one.provisional else ""
    return "  ".join(
        part for part in (f"{one.label}  {day_in_words(one.on)}{mark}{early}", one.moved) if part
    )


def _as_json(view: CycleView) -> dict[str, Any]:
    return {
        "key": view.cycle.key,
        "name": view.cycle.name,
        "process": view.cycle.process,
        "published": bool(view.process_name),
        "paused": view.paused,
        "rule": view.rule,
        "ran": [_ran_json(ran) for ran in reversed(view.ran)],
        "next": [
            {
                "key": one.key,
                "label": one.label,
                "drawn_on": one.drawn_on.isoformat(),
                "on": one.on.isoformat(),
                "starts_at": one.due_at.isoformat(),
                "moved": one.moved,
                "provisional": one.provisional,
            }
            for one in view.coming
        ],
    }


def _ran_json(ran: Ran) -> dict[str, Any]:
    run = ran.run
    return {
        "key": run.key,
        "label": run.label,
        "on": run.cycle_on.isoformat(),
        "due_at": run.due_at.isoformat(),
        "moved": run.moved,
        "state": ran.state,
        "reason": run.reason,
        "started_at": run.started_at.isoformat() if run.started_at else None,
        "started_by": run.started_by,
        "late": ran.late,
        "instance": run.instance_id,
        "instance_status": ran.instance.status if ran.instance else None,
        "overlaps": list(ran.overlaps),
    }
