"""日历订阅: a secret address, one's own deadlines as RFC 5545, and nothing that names a person."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from icalendar import Calendar, Event
from sqlalchemy import select

from command.clock import MovableClock
from command.compose import compose, key_file
from command.settings import Settings
from engine.instance import Context
from engine.store.tables import Deadline, HistoryEntry
from supervision.account.table import Account
from supervision.feed.table import CalendarFeed
from supervision.identity.key import load_keys
from tests.acceptance.pages import walk
from tests.acceptance.pages.conftest import MORNING, Site, app_of
from tests.acceptance.pages.test_calendar import STORM
from tests.acceptance.pages.test_cycles import CYCLES, move

HALF_YEARLY = tuple(cycle for cycle in CYCLES if cycle.key == "half")


@pytest.fixture
def site(settings: Settings, context: Context) -> Iterator[Site]:
    clock = MovableClock(MORNING)
    system = replace(compose(settings, load_keys(key_file(settings)), clock), context=context)
    yield Site(app_of(system, clock, cycles=HALF_YEARLY), system, clock)
    system.database.dispose()


def subscribe(site: Site, login: str) -> str:
    """The path of a new address, from the page that shows it."""
    page = site.as_(login).send("/me", action="/me/feed")
    (shown,) = page.document.xpath("//input[@id='address']/@value")
    return str(shown).removeprefix("http://localhost")


def fetch(site: Site, path: str) -> tuple[Calendar, bytes]:
    """What a calendar program reads, without a log-in."""
    answer = site.app.test_client().get(path)
    assert (answer.status_code, answer.mimetype) == (200, "text/calendar")
    return Calendar.from_ical(answer.data), answer.data


def deadlines(calendar: Calendar) -> list[Event]:
    return [event for event in calendar.walk("VEVENT") if str(event["UID"]).startswith("deadline-")]


def test_ones_own_deadlines_come_as_days_with_an_alarm_at_amber(
    site: Site, filed: Callable[..., tuple[str, str]]
) -> None:
    number, _ = filed()
    calendar, raw = fetch(site, subscribe(site, "clerk1"))
    (event,) = deadlines(calendar)
    with site.session() as session:
        row = session.scalars(select(Deadline).where(Deadline.key == "CP-TRIAGE")).one()
    assert event["UID"] == f"deadline-{row.id}@ducha"
    assert event.start == row.due_on == date(2026, 3, 9)
    assert event.end == date(2026, 3, 10)
    assert event["SUMMARY"].startswith(number)
    assert (event["SEQUENCE"], event["STATUS"], event["TRANSP"]) == (0, "CONFIRMED", "TRANSPARENT")
    assert row.amber_on
    (alarm,) = event.walk("VALARM")
    assert alarm["TRIGGER"].dt == datetime(
        row.amber_on.year, row.amber_on.month, row.amber_on.day, 1, tzinfo=UTC
    )
    assert b"TRIGGER;VALUE=DATE-TIME:" in raw
    assert raw.startswith(b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n")
    assert max(len(line) for line in raw.split(b"\r\n")) <= 75
    assert raw.endswith(b"END:VCALENDAR\r\n")


def test_nothing_in_it_names_a_person_or_the_case(site: Site, filed: Callable[..., tuple[str, str]]) -> None:
    filed(name="安宁禾", target_person="卞主任", facts="公示牌一年没有更新。" * 5)
    _, raw = fetch(site, subscribe(site, "clerk1"))
    text = raw.replace(b"\r\n ", b"").decode()
    for word in ("安宁禾", "卞主任", "公示牌", "13912345678", "住房和城乡建设局"):
        assert word not in text


def test_a_move_raises_the_sequence_and_keeps_the_event(
    site: Site, filed: Callable[..., tuple[str, str]]
) -> None:
    filed()
    path = subscribe(site, "clerk1")
    (before,) = deadlines(fetch(site, path)[0])
    shown = site.as_("owner").send("/calendar/2026/edit", STORM)
    site.as_("owner").submit(shown, "/calendar/2026")
    (after,) = deadlines(fetch(site, path)[0])
    assert after["UID"] == before["UID"]
    assert (before.start, after.start) == (date(2026, 3, 9), date(2026, 3, 11))
    assert after["SEQUENCE"] == before["SEQUENCE"] + 1
    assert after["LAST-MODIFIED"].dt >= before["LAST-MODIFIED"].dt


def test_what_is_done_is_cancelled_for_a_month_and_then_gone(
    site: Site, filed: Callable[..., tuple[str, str]]
) -> None:
    filed()
    path = subscribe(site, "clerk1")
    (before,) = deadlines(fetch(site, path)[0])
    walk.triage(site)
    after = {str(event["UID"]): event for event in deadlines(fetch(site, path)[0])}
    done = after[str(before["UID"])]
    assert done["STATUS"] == "CANCELLED"
    assert done["SEQUENCE"] > before["SEQUENCE"]
    assert done.walk("VALARM") == []
    move(site, site.clock.at + timedelta(days=31))
    assert str(before["UID"]) not in {str(e["UID"]) for e in deadlines(fetch(site, path)[0])}


def test_an_unchanged_feed_is_not_sent_again(site: Site, filed: Callable[..., tuple[str, str]]) -> None:
    path, client = subscribe(site, "clerk1"), site.app.test_client()
    first = client.get(path)
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert first.headers["Cache-Control"] == "no-cache, private"
    filed()
    assert client.get(path, headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_managers_see_the_days_of_cycles_and_units_do_not(site: Site) -> None:
    uids = {str(event["UID"]): event for event in fetch(site, subscribe(site, "manager"))[0].walk("VEVENT")}
    half = uids["cycle-half-2026H1@ducha"]
    assert (half.start, half["SUMMARY"]) == (date(2026, 6, 1), "半年检查 2026H1")
    assert "流程 2026-05-25 开始" in half["DESCRIPTION"]
    assert uids["cycle-half-2027H1@ducha"]["STATUS"] == "TENTATIVE"
    assert list(fetch(site, subscribe(site, "u01-contact"))[0].walk("VEVENT")) == []


def test_a_paused_cycle_is_cancelled_under_a_higher_sequence(site: Site) -> None:
    path, uid = subscribe(site, "lead"), "cycle-half-2026H1@ducha"

    def half() -> Event:
        return next(event for event in fetch(site, path)[0].walk("VEVENT") if event["UID"] == uid)

    before = half()["SEQUENCE"]
    site.as_("owner").send("/cycles/half", {"reason": "机构改革"}, action="/cycles/half/pause")
    assert (half()["STATUS"], half()["SEQUENCE"]) == ("CANCELLED", before + 1)
    site.as_("owner").send("/cycles/half", {"reason": "改完了"}, action="/cycles/half/continue")
    assert (half()["STATUS"], half()["SEQUENCE"]) == ("CONFIRMED", before + 2)


def test_an_address_is_replaced_and_revoked_and_only_its_digest_is_kept(site: Site) -> None:
    client, first = site.app.test_client(), subscribe(site, "clerk1")
    shown = site.as_("clerk1").get("/me")
    (address,) = site.as_("clerk1").submit(shown, "/me/feed").document.xpath("//input[@id='address']/@value")
    second = str(address).removeprefix("http://localhost")
    # the same form again, as by a double click, makes no third one
    assert "地址已经生成，只显示一次" in site.as_("clerk1").submit(shown, "/me/feed").words
    assert (client.get(first).status_code, client.get(second).status_code) == (404, 200)
    assert "最近一次读取在 2026年3月2日" in site.as_("clerk1").get("/me").words
    page = site.as_("clerk1").send("/me", action="/me/feed/revoke")
    assert "地址已撤销" in page.words
    assert client.get(second).status_code == 404
    with site.session() as session:
        rows = session.scalars(select(CalendarFeed)).all()
        assert all(row.revoked_at for row in rows)
        assert not any(row.token_hash in first + second for row in rows)
        kinds = session.scalars(select(HistoryEntry.kind).where(HistoryEntry.kind.startswith("feed."))).all()
        assert kinds == ["feed.created", "feed.created", "feed.revoked"]


def test_an_address_that_is_guessed_or_no_longer_ones_own_opens_nothing(site: Site) -> None:
    path, client = subscribe(site, "clerk1"), site.app.test_client()
    for token in ("x", "0" * 43, "a" * 5000, "..%2f..%2fetc"):
        assert client.get(f"/feed/{token}.ics").status_code == 404
    with site.session() as session:
        session.get_one(Account, "clerk1").active = False
        session.commit()
    assert client.get(path).status_code == 404
