"""Where late tasks stand on the ladder, the cards they brought, and what may be done about them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from engine.store.tables import Deadline, Task
from forms.database import acting
from forms.pages.escalation.find import by_deadline
from forms.pages.escalation.trail import LEVELS
from forms.signed_in import Person
from supervision.escalation.answerable import carded
from supervision.escalation.follow_ups import URGE, letter_of, may_decide
from supervision.escalation.rungs import coming, reached
from supervision.escalation.table import Card, FollowUp
from supervision.organisation.units import find_unit

STATUS = {
    ("催办", "open"): "催办待起草", ("催办", "done"): "已催办",
    ("约谈", "open"): "约谈待决定", ("约谈", "done"): "已决定约谈", ("约谈", "declined"): "不约谈",
    ("线索", "open"): "线索待确认", ("线索", "done"): "线索已移交", ("线索", "declined"): "线索已作废",
}  # fmt: skip


@dataclass(frozen=True)
class Proposed:
    """A proposal as the list shows it. `letter_id`: who draws up its document, while it runs."""

    follow: FollowUp
    words: str
    letter_id: str


@dataclass(frozen=True)
class Standing:
    """`level` in words; `next_level` and `next_on` are None at the top of the ladder."""

    level: str
    next_level: str | None
    next_on: date | None
    cards: Sequence[Card]
    proposals: Sequence[Proposed]
    may_urge: bool


def standings(
    session: Session, pairs: Iterable[tuple[Task, Deadline | None]], person: Person, now: datetime
) -> Mapping[str, Standing]:
    """By task id, for tasks under a deadline. A unit sees its own cards and no proposals."""
    known = {task.id: (task, row) for task, row in pairs if row is not None}
    cards, follow_ups = by_deadline(session, [row.id for _, row in known.values()])
    as_unit = all(scope.startswith("unit:") for scope in person.viewer.scopes)
    if as_unit:
        follow_ups = {}
        cards = {key: [c for c in found if c.unit_code in person.units] for key, found in cards.items()}
    with acting(session):
        return {
            task_id: _standing(
                session, task, row, cards.get(row.id, []), follow_ups.get(row.id, []), person, now
            )
            for task_id, (task, row) in known.items()
        }


def _standing(
    session: Session,
    task: Task,
    row: Deadline,
    cards: Sequence[Card],
    follow_ups: Sequence[FollowUp],
    person: Person,
    now: datetime,
) -> Standing:
    ahead = coming(row.levels, now)
    mine = [follow for follow in follow_ups if follow.unit_code == task.unit_code]
    proposals = [_proposed(session, follow) for follow in mine]
    letters = any(each.letter_id for each in proposals if each.follow.kind == URGE)
    unit = find_unit(session, task.unit_code) if task.unit_code else None
    return Standing(
        LEVELS[reached(row.levels, now)],
        LEVELS[ahead[0]] if ahead else None,
        ahead[1] if ahead else None,
        [card for card in cards if card.unit_code == task.unit_code],
        proposals,
        row.due_at <= now and not letters and unit is not None and carded(unit)
        and task.created_at <= row.due_at and may_decide(session, row.instance_id, URGE, person.actor),
    )  # fmt: skip


def _proposed(session: Session, follow: FollowUp) -> Proposed:
    letter = letter_of(session, follow)
    running = letter is not None and letter.status in ("active", "incident")
    words = STATUS[follow.kind, follow.status]
    if running and follow.status == "done":
        words = f"{follow.kind}通知书制发中"
    return Proposed(follow, words, letter.id if letter is not None and running else "")
