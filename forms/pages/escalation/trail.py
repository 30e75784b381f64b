"""预警记录: what was said about a late deadline, to whom, through which channel, and whether it arrived."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from engine.store.tables import Deadline
from forms.database import acting
from forms.pages.case.access import Sight
from forms.pages.escalation.find import by_deadline
from forms.signed_in import Person
from supervision.account.table import Account
from supervision.escalation.rungs import coming, reached
from supervision.escalation.table import Card, FollowUp
from supervision.notice.chain import Reached, warnings_of

LEVELS = {"L0": "绿灯", "L1": "黄灯提醒", "L2": "红灯", "L3": "红灯·上报", "L4": "红灯·严重"}
"""What a level is called on pages."""


@dataclass(frozen=True)
class Warned:
    """One level as it was told."""

    level: str
    words: str
    at: datetime
    lines: Sequence[Reached]
    """Per person and channel."""

    @property
    def missed(self) -> int:
        """How many did not arrive."""
        return sum(line.status == "failed" for line in self.lines)


@dataclass(frozen=True)
class Trail:
    """All that followed from one deadline. `level` is where it stands, `next_level` what comes, and when."""

    row: Deadline
    level: str
    next_level: str
    next_on: str
    warned: Sequence[Warned]
    cards: Sequence[Card]
    follow_ups: Sequence[FollowUp]


def trails(session: Session, instance_id: str, sight: Sight, reader: Person, now: datetime) -> list[Trail]:
    """Of the deadlines of a case that were warned of. A unit sees what concerns its own people only."""
    carded = select(Card.deadline_id).where(Card.instance_id == instance_id)
    rows = session.scalars(
        select(Deadline)
        .where(
            Deadline.instance_id == instance_id,
            or_(Deadline.level != "L0", Deadline.id.in_(carded)),
        )
        .order_by(Deadline.due_at, Deadline.id)
    )
    found = [trail_of(session, row, now) for row in rows]
    if sight.as_unit:
        found = [_own(session, trail, reader) for trail in found]
    return [trail for trail in found if trail.warned or trail.cards]


def trail_of(session: Session, row: Deadline, now: datetime) -> Trail:
    """The session's eyes decide about cards and proposals; warnings belong to whoever sees the deadline."""
    cards, follow_ups = by_deadline(session, [row.id])
    with acting(session):
        lines = warnings_of(session, row.id)
    running = row.status == "running"
    ahead = coming(row.levels, now) if running else None
    return Trail(
        row, LEVELS[reached(row.levels, now if running else row.finished_at or row.started_at)],
        LEVELS[ahead[0]] if ahead else "", ahead[1].isoformat() if ahead else "",
        _by_level(lines), cards.get(row.id, []), follow_ups.get(row.id, []),
    )  # fmt: skip


def _by_level(lines: Sequence[Reached]) -> list[Warned]:
    levels: dict[tuple[str, str], list[Reached]] = {}
    for line in lines:
        prefix, *parts = line.key.split(":")
        if prefix == "ladder" and len(parts) > 2:
            levels.setdefault((parts[2], parts[1]), []).append(line)
    return [
        Warned(level, LEVELS.get(level, level), min(line.at for line in told), told)
        for (_, level), told in sorted(levels.items())
    ]


def _own(session: Session, trail: Trail, reader: Person) -> Trail:
    people = set(session.scalars(select(Account.login).where(Account.unit_code.in_(reader.units))))
    warned = [
        Warned(each.level, each.words, each.at, [line for line in each.lines if line.login in people])
        for each in trail.warned
    ]
    cards = [card for card in trail.cards if card.unit_code in reader.units]
    return Trail(
        trail.row, trail.level, trail.next_level, trail.next_on,
        [each for each in warned if each.lines], cards, [],
    )  # fmt: skip
