"""`ducha statistics`: the indicators of a period, for the whole district or one unit."""

from __future__ import annotations

import argparse
from datetime import date

from command.clock import system_clock
from command.compose import open_system
from command.say import DONE, MISUSED, Refused, say, say_json
from engine.deadline.shanghai import date_of
from supervision.organisation.units import is_unit
from supervision.statistics.figure import Period
from supervision.statistics.measures import MEASURES, value


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Registers the verb."""
    parser = subparsers.add_parser("statistics", help="统计指标")
    parser.add_argument("--from", dest="since", metavar="DATE", help="开始日，不写为今年 1 月 1 日")
    parser.add_argument("--to", dest="until", metavar="DATE", help="结束日（含），不写为今天")
    parser.add_argument("--unit", metavar="CODE", help="只统计一个单位，例如 U06")
    parser.add_argument("--json", action="store_true", help="输出一个 JSON 对象")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """0 done. Raises Refused (2) for a date that is none, a period that ends before it begins, or no unit."""
    today = date_of(system_clock())
    since = _day(args.since) or today.replace(month=1, day=1)
    period = Period(since, min(_day(args.until) or today, today))
    if period.until < since:
        raise Refused(f"统计期间应当先开始后结束，但是从 {since} 到 {period.until}", MISUSED)
    with open_system().session() as session:
        if args.unit and not is_unit(session, args.unit):
            raise Refused(f"没有代码为“{args.unit}”的单位：单位代码见单位名录", MISUSED)
        figures = {key: value(session, key, period, args.unit) for key in MEASURES}
    if args.json:
        measures = {
            key: {
                "label": MEASURES[key].label, "group": MEASURES[key].group, "formula": MEASURES[key].formula,
                "top": figure.top, "bottom": figure.bottom, "rate": figure.rate, "words": figure.words,
            }
            for key, figure in figures.items()
        }  # fmt: skip
        say_json({"from": str(since), "to": str(period.until), "unit": args.unit, "measures": measures})
        return DONE
    for key, figure in figures.items():
        say(f"{MEASURES[key].group}　{MEASURES[key].label}：{figure.words}")
    return DONE


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise Refused(f"日期应写成 2026-03-01 这样，但是“{text}”", MISUSED) from error
