"""The text of one year's calendar file, written from what a person filled in, and read back into a form."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from engine.deadline import toml_text
from engine.errors import InvalidData


@dataclass(frozen=True)
class HolidayRow:
    """One line of the form: a holiday with its first and last day off, and the weekend days worked for it."""

    name: str
    first: str
    """ISO, as typed."""
    last: str
    make_up: str
    """ISO dates, with commas or spaces between."""

    @property
    def empty(self) -> bool:
        return not (self.name or self.first or self.last or self.make_up)


def write_year(year: int, title: str, number: str, rows: Sequence[HolidayRow], remark: str = "") -> str:
    """The file's text; whether its days make sense is told by `calendar_file.parse_notice`.

    Raises:
        InvalidData: something that should be a date is none; keyed ``holidays``.
    """
    problems: list[str] = []
    lines = [f"# {remark.replace(chr(10), ' ')}", ""] if remark else []
    lines += [f"year = {year}", f"notice = {_quoted(title)}", f"number = {_quoted(number)}"]
    for row in rows:
        if row.empty:
            continue
        what = f"节日“{row.name}”" if row.name else "没有写名称的节日"
        first, last = (
            _day(row.first, f"{what}的第一天", problems),
            _day(row.last, f"{what}的最后一天", problems),
        )
        worked = row.make_up.replace("，", " ").replace("、", " ").replace(",", " ").split()
        made_up = [_day(text, f"{what}的调休上班日", problems) for text in worked]
        lines += ["", "[[holiday]]", f"name = {_quoted(row.name)}", f"from = {first}", f"to = {last}"]
        lines += [f"make_up = [{', '.join(made_up)}]"] if made_up else []
    if problems:
        raise InvalidData({"holidays": problems})
    return "\n".join(lines) + "\n"


def rows_of(text: str) -> tuple[str, str, list[HolidayRow]]:
    """(title, number, holidays) of a checked file."""
    table = toml_text.read(text, "calendar")
    rows = [
        HolidayRow(
            entry["name"],
            entry["from"].isoformat(),
            entry["to"].isoformat(),
            "，".join(day.isoformat() for day in entry.get("make_up", [])),
        )
        for entry in table["holiday"]
    ]
    return table["notice"], table["number"], rows


def _day(text: str, what: str, problems: list[str]) -> str:
    try:
        return date.fromisoformat(text.strip()).isoformat()
    except ValueError:
        problems.append(f"{what}应写成“年-月-日”，例如 2027-10-01，但写的是“{text}”。")
        return ""


def _quoted(text: str) -> str:
    """JSON's escapes are TOML's."""
    return json.dumps(text.strip(), ensure_ascii=False)
