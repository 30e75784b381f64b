"""The notices of a level: who reads what, and where it leads. No word about who complained.

Each notice's key begins with `ladder:ID of the deadline:level:due day:`, so that nobody is told twice, and
its subject is the deadline: `supervision.notice.chain` reads back whom the warnings reached.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from engine.deadline.shanghai import day_in_words, last_day_before
from engine.store.tables import Deadline, Task
from supervision.case.find import find_case
from supervision.escalation.answerable import open_tasks
from supervision.escalation.audience import above, of_the_unit, sees
from supervision.escalation.cards import RED, YELLOW, cards_of
from supervision.escalation.naming import called
from supervision.notice import notify
from supervision.notice.task_opened import people_of

WORDS = {
    "L1": "即将到期",
    "L2": "已逾期",
    "L3": "逾期较久，请立即办理",
    "L4": "严重逾期，问责线索草稿待督查室确认",
}
WORDS_ALONE = {**WORDS, "L4": "严重逾期，请立即办理"}
"""For what no unit answers for: no card, no clue."""


def warn(session: Session, row: Deadline, level: str, answering: Sequence[str], now: datetime) -> None:
    """Tells everybody who is to know of `level`; `answering` are units that a clue would be about."""
    tasks, case = open_tasks(session, row), find_case(session, row.instance_id)
    number = called(session, row.instance_id)
    units = sorted({task.unit_code for task in tasks if task.unit_code})
    last = row.due_on if level < "L2" else last_day_before(row.due_at)  # a fixed date's own day comes before
    when = f"{(WORDS if answering else WORDS_ALONE)[level]}：到期日 {day_in_words(last)}"
    key = f"ladder:{row.id}:{level}:{row.due_on}"
    carded = {unit: f"{when}{_carded(session, row, unit)}" for unit in units}
    for task in tasks:
        text = f"{number}“{task.name}”{carded.get(task.unit_code or '', when)}"
        people = people_of(session, task, now)
        notify(session, people, text, f"/task/{task.id}", now, f"{key}:{task.id}", subject=row.id)
    told = _of_tasks(session, tasks, now)
    page = f"/case/{row.instance_id}"
    for unit in units:
        text = f"{number}“{row.name or row.key}”{carded[unit]}"
        people = of_the_unit(session, unit, level, now) - told
        notify(session, people, text, page, now, f"{key}:{unit}", subject=row.id)
    if level < "L2" and not tasks:
        return  # the time of somebody outside is running out: nobody here has to hurry
    text = f"{number}“{row.name or row.key}”{when}"
    for role, people in above(session, case, units, level, now):
        link = page if sees(session, row.instance_id, role) else ""
        notify(session, people - told, text, link, now, f"{key}:above", subject=row.id)


def _of_tasks(session: Session, tasks: Sequence[Task], now: datetime) -> set[str]:
    return {login for task in tasks for login in people_of(session, task, now)}


def _carded(session: Session, row: Deadline, unit: str) -> str:
    """What the unit's heads read beside the day."""
    colours = {card.colour for card in cards_of(session, row.id) if card.unit_code == unit}
    return f"，已记{RED if RED in colours else YELLOW}" if colours else ""
