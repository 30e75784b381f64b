"""The answers a check relies on are those of topics that exist."""

from __future__ import annotations

from supervision.deadlines.versions import Periods
from supervision.document.template import Templates
from supervision.house import House
from supervision.identity.key import Keys
from supervision.setup import all_topics
from supervision.topic_answers import ANSWERS
from tests.unit.processes.bundles import PROCESSES


def test_every_topic_says_what_it_returns() -> None:
    periods = Periods()
    house = House(Keys("", {}), Templates(PROCESSES), periods.rules, periods.calendar)
    assert set(all_topics(house)) == set(ANSWERS)
