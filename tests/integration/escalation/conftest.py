"""A complaint that waits in its unit: CP-HANDLE from 2026-03-02 to 03-23; L3 on 03-26, L4 on 04-02."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from command.play.perform import perform
from command.play.script import read_script
from command.play.stage import Stage, Theatre
from engine.actor import Actor
from engine.deadline.shanghai import SHANGHAI
from engine.store.tables import Deadline
from supervision.account.table import Account
from supervision.account.viewer import actor_of
from supervision.escalation.table import Card, FollowUp
from supervision.notice.table import Notice
from supervision.organisation.table import Unit

PROCESSES = Path(__file__).parents[3] / "processes"
STORY = PROCESSES / "complaint" / "scenarios" / "R6-逾期.toml"


def at(text: str) -> datetime:
    """A time in Shanghai."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.fixture(scope="package")
def theatre() -> Iterator[Theatre]:
    """Seeded once for the folder; each story plays on a copy."""
    with Theatre(PROCESSES) as opened:
        yield opened


@pytest.fixture
def late(theatre: Theatre) -> Iterator[Desk]:
    yield (desk := begin(theatre))
    desk.stage.close()


def begin(
    theatre: Theatre, until: str = "ut_unit_accept", prepare: Callable[[Session], None] | None = None
) -> Desk:
    """The story up to a step; `prepare` changes the district before it begins."""
    script = read_script(STORY)
    last = next(n for n, step in enumerate(script.steps) if step.task == until)
    stage = theatre.stage(script.start)
    if prepare:
        with stage.session() as session:
            prepare(session)
            session.commit()
    steps = [step for step in script.steps[: last + 1] if step.task]
    assert perform(stage, replace(script, steps=steps)) == []
    return Desk(stage)


class Desk:
    """What tests ask of the stage."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage

    def move(self, to: str) -> None:
        """Lets the time pass: whatever is due on the way happens at its own moment."""
        self.stage.move(at(to))

    def sleep(self, to: str) -> None:
        """The server is off until then."""
        self.stage.clock.move(at(to))

    def session(self) -> Session:
        return self.stage.session()

    def actor(self, session: Session, login: str) -> Actor:
        return actor_of(session, session.get_one(Account, login), self.stage.clock.at)

    def deadline(self, session: Session) -> Deadline:
        return session.scalars(select(Deadline).where(Deadline.key == "CP-HANDLE")).one()

    def cards(self) -> list[tuple[str, str, str, str]]:
        """(unit, colour, day, cause)."""
        with self.session() as session:
            rows = session.scalars(select(Card).order_by(Card.issued_on, Card.colour.desc())).all()
            return [(row.unit_code, row.colour, row.issued_on.isoformat(), row.cause) for row in rows]

    def follow_ups(self) -> list[tuple[str, str]]:
        """(kind, status)."""
        with self.session() as session:
            rows = session.scalars(select(FollowUp).order_by(FollowUp.raised_at, FollowUp.kind)).all()
            return [(row.kind, row.status) for row in rows]

    def told(self, words: str) -> set[str]:
        """Logins that were told something with these words, each once."""
        with self.session() as session:
            found = session.scalars(select(Notice.login).where(Notice.text.contains(words))).all()
        assert len(found) == len(set(found)), found
        return set(found)


def make_invited(session: Session) -> None:
    """The unit of the story is one that takes part without duty."""
    session.get_one(Unit, "U06").self_check_duty = "invited"
