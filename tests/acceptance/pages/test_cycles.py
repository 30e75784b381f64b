"""周期流程 without script: what ran, what is next, starting by hand once, pausing and going on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from command.clock import MovableClock
from command.compose import compose, key_file
from command.settings import Settings
from engine.deadline.calendar import Calendar
from engine.history import verify_all
from engine.instance import Context
from engine.store.tables import Deadline, HistoryEntry, Incident, Instance
from scheduler.pump import Pump, do_one, drain
from supervision.cycles.file import parse_cycles, read_cycles
from supervision.cycles.plan import KIND, note, plan, starter
from supervision.cycles.recur import Occasion
from supervision.cycles.table import CycleRun
from supervision.identity.key import load_keys
from tests.acceptance.pages.browser import Page
from tests.acceptance.pages.conftest import MORNING, PROCESSES, Site, app_of

CYCLES = parse_cycles(
    """
[box]
process = "opinion_box"
name = "意见箱开箱"
weekday = "五"
at = "15:00"
rest_day = "previous"
start_now = ["DCS_LEAD"]
clause = "R7¶2"

[half]
process = "opinion_box"
name = "半年检查"
dates = ["06-01", "12-01"]
at = "09:00"
rest_day = "next"
lead_workdays = 5

[ghost]
process = "not_drawn"
name = "还没有画"
monthday = 1
at = "09:00"
rest_day = "next"
start_now = ["DCS_LEAD"]
"""
)
FRIDAY = datetime(2026, 3, 6, 7, 0, tzinfo=UTC)
CALENDAR = Calendar({}, "")
OLD = Occasion("old:2025", "2025", date(2025, 6, 2), date(2025, 6, 2), datetime(2025, 6, 2, 1, tzinfo=UTC))


@pytest.fixture
def site(settings: Settings, context: Context) -> Iterator[Site]:
    clock = MovableClock(MORNING)
    system = replace(compose(settings, load_keys(key_file(settings)), clock), context=context)
    yield Site(app_of(system, clock, cycles=CYCLES), system, clock)
    system.database.dispose()


@pytest.fixture
def tick(site: Site) -> Callable[[datetime], list[str]]:
    """Lets the scheduler come by at an instant; gives the box openings it planned."""

    def come(at: datetime) -> list[str]:
        move(site, at)
        with site.session() as session:
            planned = plan(session, CYCLES, site.system.context.calendar(session), at)
            session.commit()
        runners = {KIND: starter(site.system.context)}
        drain(Pump(site.system.sessions, site.system.context, "p", runners), "engine", site.clock)
        return [key for key in planned if key.startswith("box:")]

    return come


def move(site: Site, at: datetime) -> None:
    """Log-ins end by themselves meanwhile."""
    site.clock.at = at
    site.inside.clear()


def runs(session: Session, cycle: str) -> list[tuple[str, str]]:
    rows = session.scalars(select(CycleRun).where(CycleRun.cycle == cycle).order_by(CycleRun.key))
    return [(row.label, row.status) for row in rows]


def act(site: Site, login: str, act: str, cycle: str = "box", **data: object) -> Page:
    return site.as_(login).submit(site.as_(login).get(f"/cycles/{cycle}"), f"/cycles/{cycle}/{act}", data)


def test_what_comes_is_shown_for_two_years_with_shifts_and_years_without_notice(site: Site) -> None:
    page = site.as_("lead").get("/cycles/half")
    assert "每年 06-01、12-01 09:00，遇休息日顺延到下一个工作日，提前 5 个工作日开始" in page.words
    days = page.document.xpath("//span[@class='tt']/text()")
    assert days == ["2026年6月1日 周一", "2026年12月1日 周二", "2027年6月1日 周二", "2027年12月1日 周三"]
    assert page.words.count("暂定") == 3  # the two of 2027, and what the word means
    assert "2026-05-25 09:00" in page.words  # five working days before: the notice is drafted first
    box = site.as_("lead").get("/cycles/box").words
    assert "05-01 劳动节放假，提前到 2026-04-30（周四）" in box
    assert len(site.as_("lead").get("/cycles/box").document.xpath("//tr")) > 104


def test_the_list_tells_of_each_cycle_and_of_processes_that_are_not_published(site: Site) -> None:
    page = site.as_("owner").get("/cycles")
    assert "“还没有画”的流程 not_drawn 未发布：到了日子不会开始，会记为跳过" in page.words
    assert "不再开始的周期" not in page.words
    with site.session() as session:
        note(session, replace(CYCLES[0], key="old"), CALENDAR, OLD, MORNING)
        session.commit()
    assert "不再开始的周期：old（到来过 1 期）" in site.as_("owner").get("/cycles").words
    assert page.document.xpath("//section[@aria-label='全部周期']//a/text()") == [
        "意见箱开箱", "半年检查", "还没有画"
    ]  # fmt: skip
    assert "周期流程" in page.document.xpath("string(//nav[@class='side']//a[@aria-current])")


def test_what_ran_is_shown_with_its_case(site: Site, tick: Callable[[datetime], list[str]]) -> None:
    assert tick(MORNING) == []
    assert tick(FRIDAY) == ["box:2026-W10"]
    assert tick(FRIDAY) == []
    page = site.as_("lead").get("/cycles/box")
    with site.session() as session:
        case = session.scalars(select(Instance).where(Instance.business_key == "box:2026-W10")).one()
    assert page.links("/case/") == [f"/case/{case.id}"]
    assert "2026年3月6日 周五box:2026-W10" in page.words
    assert "2026-03-06 15:00系统 办理中" in page.words
    assert site.as_("lead").get(f"/case/{case.id}").code == 200


def test_what_was_missed_for_a_week_is_started_once_and_marked_late(
    site: Site, tick: Callable[[datetime], list[str]]
) -> None:
    tick(MORNING)
    assert tick(datetime(2026, 3, 14, 1, tzinfo=UTC)) == ["box:2026-W10", "box:2026-W11"]
    assert tick(datetime(2026, 3, 14, 2, tzinfo=UTC)) == []
    words = site.as_("lead").get("/cycles/box").words
    assert "2026-03-14 09:00 晚 7 天系统启动：到时没有在运行，随后补上" in words
    assert "与 2026-W10 重叠" not in words  # both began at one moment
    tick(datetime(2026, 3, 20, 7, tzinfo=UTC))
    words = site.as_("lead").get("/cycles/box").words
    assert "与 2026-W11 等 2 期重叠" in words
    assert "有 3 期同时在办" in words


def test_what_had_no_process_is_skipped_and_its_owners_are_told(
    site: Site, tick: Callable[[datetime], list[str]]
) -> None:
    tick(MORNING)
    tick(datetime(2026, 4, 1, 1, tzinfo=UTC))
    with site.session() as session:
        assert runs(session, "ghost")[-1] == ("2026-04", "skipped")
    assert "到期时流程“not_drawn”没有发布" in site.as_("owner").get("/cycles/ghost").words
    assert "流程“not_drawn”没有发布" in site.as_("owner").get("/notices").words
    refused = act(site, "lead", "start", "ghost", reason="补开")
    assert (refused.code, "流程“not_drawn”还没有发布" in refused.words) == (409, True)


def test_an_occasion_is_started_by_hand_once_and_not_again_on_its_day(
    site: Site, tick: Callable[[datetime], list[str]]
) -> None:
    tick(MORNING)
    shown = site.as_("lead").get("/cycles/box")
    data = {"occasion": "box:2026-W10", "reason": "群众反映信箱已满"}
    done = site.as_("lead").submit(shown, "/cycles/box/start", data)
    assert "“意见箱开箱”2026-W10 已启动" in done.words
    # sent twice, from another page, and by the clock: still one
    site.as_("lead").submit(shown, "/cycles/box/start", data)
    again = site.as_("lead").post(
        "/cycles/box/start", {**data, "csrf_token": shown.form("/cycles/box/start").fields["csrf_token"]}
    )
    assert (again.code, "已经启动过了" in again.words) == (409, True)
    assert tick(FRIDAY) == []
    with site.session() as session:
        cases = session.scalars(select(Instance).where(Instance.business_key == "box:2026-W10")).all()
        assert [case.started_by for case in cases] == ["lead"]
        entry = session.scalars(select(HistoryEntry).where(HistoryEntry.kind == "cycle.started")).one()
        assert (entry.chain, entry.actor, entry.name) == ("system", "lead", "box")
        assert session.scalars(select(CycleRun.cycle_on).where(CycleRun.label == "2026-W10")).one() == (
            MORNING.date()
        )
        assert list(verify_all(session)) == []
    assert "立即启动，原定 2026-03-06 15:00" in done.words
    assert "理由：群众反映信箱已满" in done.words


def test_starting_by_hand_is_refused_with_a_sentence(site: Site) -> None:
    for login, data, code, sentence in (
        ("lead", {"reason": " "}, 422, "请写明为什么现在启动"),
        ("lead", {"occasion": "box:2026-W20", "reason": "早一点"}, 409, "只能启动下一期"),
        ("lead", {"occasion": "nonsense", "reason": "早一点"}, 409, "没有可以立即启动的这一期"),
        ("clerk1", {"reason": "我来开"}, 403, "不由您启动"),
        ("owner", {"reason": "我来开"}, 403, "不由您启动"),
    ):
        given = {"occasion": "box:2026-W10", "csrf_token": _token(site, login), **data}
        page = site.as_(login).post("/cycles/box/start", given)
        assert (page.code, sentence in page.words) == (code, True), page.words
    with site.session() as session:
        assert runs(session, "box") == []


def test_a_paused_cycle_skips_what_comes_and_can_make_up_for_it(
    site: Site, tick: Callable[[datetime], list[str]]
) -> None:
    tick(MORNING)
    assert "已暂停" in act(site, "owner", "pause", reason="信箱维修").words
    assert tick(FRIDAY) == []
    assert "原因：周期暂停：信箱维修" in site.as_("lead").get("/cycles/box").words
    # nobody looked on the Friday after, and still it is skipped
    move(site, datetime(2026, 3, 14, 1, tzinfo=UTC))
    assert "已继续" in act(site, "owner", "continue", reason="修好了").words
    assert tick(site.clock.at) == []
    with site.session() as session:
        assert runs(session, "box") == [("2026-W10", "skipped"), ("2026-W11", "skipped")]
        kinds = session.scalars(select(HistoryEntry.kind).where(HistoryEntry.name == "box")).all()
        assert kinds == ["cycle.paused", "cycle.continued"]
    made_up = act(site, "lead", "start", occasion="box:2026-W11", reason="补开上周的")
    assert "2026-W11 已启动" in made_up.words
    assert tick(datetime(2026, 3, 20, 7, tzinfo=UTC)) == ["box:2026-W12"]


def test_the_cycles_of_the_regulation_start_and_count_from_their_day(site: Site) -> None:
    cycles = [cycle for cycle in read_cycles(PROCESSES) if cycle.key != "box_opening"]
    context = site.system.context
    pump = Pump(site.system.sessions, context, "p", {KIND: starter(context)})
    for at in ("2026-03-02T09:00", "2026-05-25T09:00", "2026-10-08T09:00", "2027-01-04T09:00"):
        site.clock.at = datetime.fromisoformat(f"{at}+08:00")
        with site.session() as session:
            plan(session, cycles, context.calendar(session), site.clock.at)
            session.commit()
        while do_one(pump, "engine", site.clock.at):
            pass
    with site.session() as session:
        assert session.scalars(select(Incident.message)).all() == []
        found = {row.key: row for row in session.scalars(select(CycleRun))}
        assert {"self_check:2026H1", "annual_inspection:2026", "district_report:2027"} <= set(found)
        assert {row.status for row in found.values()} == {"started"}
        assert found["self_check:2026H1"].cycle_on.isoformat() == "2026-06-01"
        planned = select(Deadline.due_on).where(Deadline.key == "AI-PLAN")
        assert session.scalars(planned).one().isoformat() == "2026-10-21"  # T01


def test_only_the_keepers_pause_and_only_those_concerned_look(site: Site) -> None:
    token = site.as_("lead").get("/password").form("/password").fields["csrf_token"]
    page = site.as_("lead").post("/cycles/box/pause", {"reason": "停", "csrf_token": token})
    assert (page.code, "由流程所有者和系统管理员暂停或继续" in page.words) == (403, True)
    other = site.as_("u01-contact").get("/cycles")
    assert (other.code, "由督查室、领导小组和流程所有者查看" in other.words) == (403, True)
    assert site.as_("lead").get("/cycles/none").code == 404
    twice = act(site, "owner", "pause", reason="停")
    assert "已暂停" in twice.words
    again = site.as_("owner").post("/cycles/box/pause", {"reason": "停", "csrf_token": _token(site, "owner")})
    assert (again.code, "已经暂停" in again.words) == (409, True)


def _token(site: Site, login: str) -> str:
    return str(site.as_(login).get("/password").form("/password").fields["csrf_token"])
