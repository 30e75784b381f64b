"""Every kind of rule with its end, its warning day and its upper rungs, a reason per row. Source: DOMAIN 7.4.

The days were counted by hand on the notices of 2025 and 2026, not taken from the program.
"""

from __future__ import annotations

from datetime import date

import pytest

from engine.deadline.calendar import Calendar
from engine.deadline.compute import compute
from engine.deadline.rule import Rule
from engine.deadline.rule_file import parse_rules

D = date.fromisoformat
ROWS = [
    # terms, start, due, amber, L2, L3, L4, reason
    ("5 wd", "2026-03-02", "03-09", "03-06", "03-10", "03-10", "03-12",
     "4 of 5 days; 1 day and 2.5 days rounded up after the end"),
    ("1 wd", "2026-03-02", "03-03", "03-03", "03-04", "03-04", "03-05",
     "four fifths of one day are none: the warning is at least one day after the start"),
    ("10 wd", "2026-02-09", "02-28", "02-26", "03-01", "03-03", "03-06",
     "Saturdays 02-14 and 02-28 are worked, 02-15…23 are off"),
    ("0 wd", "2026-03-02", "03-02", "", "03-03", "03-03", "03-04",
     "the same day has nothing to warn of"),
    ("0 wd", "2026-10-03", "10-08", "", "10-09", "10-09", "10-10",
     "the same day in the holiday: the end moves, Saturday 10-10 is worked"),
    ("7 cd", "2026-03-02", "03-09", "03-06", "03-10", "03-11", "03-13",
     "the fifth day is a Saturday: people are told on Friday; 1.4 and 3.5 days rounded up"),
    ("30 cd", "2026-09-01", "10-08", "09-24", "10-09", "10-14", "10-23",
     "the end moves over 国庆节, the warning before 中秋节, the rungs count from the moved end"),
    ("30 cd flat", "2026-09-02", "10-02", "09-24", "10-03", "10-08", "10-17",
     "公告 ends on its day in the holiday; the warning still falls on a working day"),
    ("5 cd", "2026-02-14", "02-24", "02-24", "02-25", "02-25", "02-27",
     "every day since the start was a holiday: the first working day is the warning day"),
    ("1 month", "2026-01-31", "02-28", "02-14", "03-01", "03-06", "03-14",
     "28 days: the 22nd lies in 春节, the working day before is Saturday 02-14; then 6 and 14 days"),
    ("1 month", "2026-09-05", "10-08", "09-30", "10-09", "10-15", "10-25",
     "33 days with the moved end: the 26th is 10-01; then 7 and 17 days"),
    ("6 month", "2026-03-10", "09-10", "08-04", "09-11", "10-17", "12-11",
     "184 days: 147, then 37 and 92"),
    ("date 03-31", "2026-01-05", "03-31", "03-17", "04-01", "04-08", "04-15",
     "10 working days before, 5 and 10 after; 04-06 is off"),
    ("date 01-31", "2026-01-05", "01-30", "01-16", "02-01", "02-06", "02-13",
     "a Saturday: ours is the Friday before, red is the day after the law's"),
    ("date 01-31", "2026-01-28", "01-30", "01-28", "02-01", "02-06", "02-13",
     "begun within the last ten working days: warned at once"),
    ("15 wd +10", "2026-02-27", "04-02", "03-26", "04-03", "04-10", "04-22",
     "25 days after the extension: 20, then 5 and 12.5 rounded up; 04-06 is off"),
    ("30 cd +15", "2026-06-15", "07-30", "07-21", "07-31", "08-08", "08-22",
     "45 days from the start, not 15 from a moved end: 36, then 9 and 22.5 rounded up"),
    ("12 wd <15", "2026-03-02", "03-17", "03-13", "03-18", "03-20", "03-25",
     "the cap of 15 days comes first; the rungs still go by the twelve"),
    ("12 wd <15", "2026-09-18", "09-30", "09-30", "10-01", "10-10", "10-14",
     "the cap falls on 10-03: the end is the working day before, and the warning not later"),
]  # fmt: skip


@pytest.mark.parametrize("row", ROWS, ids=[row[-1] for row in ROWS])
def test_a_rule_of_every_kind_warns_and_ends_on_its_days(
    calendar: Calendar, row: tuple[str, str, str, str, str, str, str, str]
) -> None:
    terms, start, due_on, amber_on, *rungs, reason = row
    rule, extended_by = written(terms)
    due = compute(rule, calendar, D(start), extended_by=extended_by)
    told = [day and f"{day:%m-%d}" for day in (due.due_on, due.amber_on or "", *map(due.levels.get, UPPER))]
    assert told == [due_on, amber_on, *rungs], reason
    assert due.levels.get("L1") == due.amber_on


UPPER = ("L2", "L3", "L4")
RULE = '[X]\nstep = "x"\nstart = "x"\nends_at = "x"\ntag = "default"\nvalue = {}\nunit = "{}"\n'


def written(terms: str) -> tuple[Rule, int]:
    """The rule of ``15 wd +10``, ``date 01-31``, ``30 cd flat`` or ``12 wd <15``, and its extension."""
    first, second, *more = terms.split()
    text = RULE.format(f'"{second}"', first) if first == "date" else RULE.format(first, second)
    extended_by = 0
    for term in more:
        if term == "flat":
            text += "shift = false\n"
        elif term.startswith("<"):
            text += f'cap = {{ value = {term[1:]}, unit = "cd" }}\n'
        else:
            extended_by = int(term)
    return parse_rules(text)["X"], extended_by
