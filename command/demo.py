"""`ducha demo`: fills the fictitious district with a few cases at different places, one of them overdue."""

from __future__ import annotations

import argparse
import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from command.clock import MovableClock
from command.compose import System
from command.play.perform import perform
from command.play.script import read_script
from command.play.stage import Stage
from command.prepare import prepare
from command.say import DONE, Refused, say
from command.settings import read_settings
from engine.deadline.calendar import Calendar
from engine.deadline.shanghai import ONE_DAY, SHANGHAI, date_of
from engine.store.tables import Instance

FOLDER = "demo"
"""Stories below the process files."""
RELATIVE = re.compile(r"([+-])(\d+) (\d{1,2}):(\d{2})")
DAY = re.compile(r"@\+(\d+)")


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Registers the verb."""
    parser = subparsers.add_parser("demo", help="在演示区里添上若干虚构的在办案件")
    parser.add_argument("--once", action="store_true", help="已有案件时什么也不做")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Prepares the data folder first. Raises Refused in a real district, or when a story cannot be played."""
    ready = prepare(read_settings())
    if not ready.demo:
        raise Refused("这不是演示区，不能添加虚构案件")
    if args.once and _has_cases(ready.system):
        return DONE
    for path in sorted((ready.system.settings.processes / FOLDER).glob("*.toml")):
        say(f"已添加：{fill(ready.system, path)}")
    return DONE


def fill(system: System, path: Path) -> str:
    """Plays one story up to this moment; returns its name."""
    with system.session() as session:
        calendar = system.context.calendar(session)
    now = system.clock()
    moments = Moments(calendar, now)
    script = read_script(path, when=moments.read, data=moments.dated)
    stage = Stage(system, MovableClock(script.start))
    if problems := perform(stage, script):
        raise Refused(f"演示案件 {path.name} 没有走完：{problems[0]}")
    return script.name


class Moments:
    """Times relative to today: ``-24 10:00`` 24 working days ago, ``+2 09:00`` two after the story began."""

    def __init__(self, calendar: Calendar, now: datetime) -> None:
        self._calendar, self._now = calendar, now
        self._begun = date_of(now)

    def read(self, value: Any) -> datetime:
        """Never later than now. Raises ValueError."""
        found = RELATIVE.fullmatch(str(value))
        if found is None:
            raise ValueError(f"时间应写成 -24 10:00 或 +2 09:00，但是“{value}”")
        sign, days, hour, minute = found[1], int(found[2]), int(found[3]), int(found[4])
        if sign == "-":
            self._begun = self._shifted(date_of(self._now), -days)
            day = self._begun
        else:
            day = self._shifted(self._begun, days)
        return min(datetime.combine(day, time(hour, minute), SHANGHAI), self._now)

    def dated(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """The data with ``@+12`` turned into the date of the twelfth working day of the story."""
        return {
            key: self._shifted(self._begun, int(found[1])).isoformat()
            if isinstance(value, str) and (found := DAY.fullmatch(value))
            else value
            for key, value in data.items()
        }

    def _shifted(self, day: date, workdays: int) -> date:
        step: timedelta = ONE_DAY if workdays > 0 else -ONE_DAY
        left = abs(workdays)
        while left or not self._calendar.is_workday(day):
            day += step
            left -= left > 0 and self._calendar.is_workday(day)
        return day


def _has_cases(system: System) -> bool:
    with system.session() as session:
        return bool(session.scalar(select(func.count()).select_from(Instance)))
