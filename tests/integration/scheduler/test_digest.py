"""Each person hears once on a working day at 08:30 what is late, due or amber, if there is any."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from engine.deadline.shanghai import SHANGHAI, end_of
from engine.instance import Context
from engine.store.tables import Deadline, Instance, Job, Task, TaskCandidate
from engine.store.visibility import SYSTEM, see_as
from scheduler.digest import KIND, digester, plan_digest
from scheduler.pump import Pump, drain
from supervision.notice.digest import MOST
from supervision.notice.table import Notice

from .people import add_person

MONDAY = date(2026, 3, 16)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.fixture
def desk(session: Session, waiting: str) -> Callable[..., str]:
    """Puts an open task with a last day and an amber day into the waiting case."""
    session.get_one(Instance, waiting).business_key = "TS-2026-0007"
    session.get_one(Instance, waiting).title = "TS-2026-0007 投诉 张某某反映"
    for login in ("clerk", "lead", "idle"):
        add_person(session, login, at("2026-03-01T09:00"))
    session.commit()
    count = 0

    def put(
        name: str, due: date | None, *, amber: date | None = None, to: str = "clerk", status: str = ""
    ) -> str:
        nonlocal count
        count += 1
        task_id, row_id = f"t{count:031}", f"d{count:031}"
        if status:
            session.add(_deadline(row_id, waiting, due or MONDAY, amber, status))
        session.add(
            Task(
                id=task_id, instance_id=waiting, shard="", process_id="wait", element_id="ut_look", name=name,
                status="open", created_at=at("2026-03-02T09:00"), due_on=due, due_at=due and end_of(due),
                amber_on=amber, deadline_id=row_id if status else None,
            )
        )  # fmt: skip
        session.flush()
        for login in to.split():
            session.add(TaskCandidate(task_id=task_id, kind="user", value=login, unit_code=""))
        session.commit()
        return task_id

    return put


def _deadline(row_id: str, instance_id: str, due: date, amber: date | None, status: str) -> Deadline:
    return Deadline(
        id=row_id, instance_id=instance_id, scope_task_id="", element_id="ut_look", name="", key="CP-HANDLE",
        rule_version="", calendar_version="", started_at=at("2026-03-02T09:00"), start_on=date(2026, 3, 2),
        due_on=due, due_at=end_of(due), amber_on=amber, levels={}, status=status,
    )  # fmt: skip


@pytest.fixture
def look(sessions: sessionmaker[Session], context: Context) -> Callable[[str], None]:
    """What a server does at that moment: plans, then does what is due. Each time a fresh process."""

    def once(text: str) -> None:
        pump = Pump(sessions, context, text, {KIND: digester(context)})
        with see_as(sessions(), SYSTEM) as session:
            plan_digest(session, context.calendar(session), at(text))
            session.commit()
        drain(pump, "engine", lambda: at(text))

    return once


def heard(session: Session, login: str) -> Sequence[Notice]:
    found = session.scalars(select(Notice).where(Notice.login == login).order_by(Notice.created_at)).all()
    session.commit()
    return found


def test_it_sums_up_what_is_late_due_today_due_soon_and_amber(
    session: Session, desk: Callable[..., str], look: Callable[[str], None]
) -> None:
    # given, on a Monday
    late = desk("研判", date(2026, 3, 13))
    today = desk("签发", MONDAY, to="clerk lead")
    soon = desk("送达", date(2026, 3, 19))  # the third working day after
    amber = desk("办理", date(2026, 3, 27), amber=MONDAY)
    desk("还早", date(2026, 3, 20), amber=date(2026, 3, 17))
    desk("没有期限", None)
    desk("已中止", date(2026, 3, 13), status="suspended")
    # when
    look("2026-03-16T08:30")
    # then
    (digest,) = heard(session, "clerk")
    assert digest.text == "今日提要：逾期 1 项，今天到期 1 项，3 个工作日内到期 1 项，黄灯 1 项"
    assert digest.link == "/inbox"
    assert digest.lines == [
        ["逾期：TS-2026-0007“研判”，到期日 2026-03-13（周五）", f"/task/{late}"],
        ["今天到期：TS-2026-0007“签发”，到期日 2026-03-16（周一）", f"/task/{today}"],
        ["3 个工作日内到期：TS-2026-0007“送达”，到期日 2026-03-19（周四）", f"/task/{soon}"],
        ["黄灯：TS-2026-0007“办理”，到期日 2026-03-27（周五）", f"/task/{amber}"],
    ]
    assert [notice.text for notice in heard(session, "lead")] == ["今日提要：今天到期 1 项"]
    assert heard(session, "idle") == []


def test_nobody_hears_twice_on_a_day_whatever_the_clock_does(
    session: Session, desk: Callable[..., str], look: Callable[[str], None]
) -> None:
    desk("研判", date(2026, 3, 13))
    for moment in (
        "2026-03-16T08:29:59",  # too early
        "2026-03-16T08:30",
        "2026-03-16T08:31",  # another process
        "2026-03-15T08:30",  # the clock is set back to a Sunday
        "2026-03-16T08:30",  # and comes by once more
        "2026-03-17T14:00",  # a day on, late because the server was off
        "2026-03-17T14:01",
        "2026-03-16T10:00",  # back a day again
    ):
        look(moment)
    moments = [notice.created_at for notice in heard(session, "clerk")]
    assert moments == [at("2026-03-16T08:30"), at("2026-03-17T14:00")]


def test_who_gets_a_task_after_the_digest_of_the_day_hears_of_it_the_next_day(
    session: Session, desk: Callable[..., str], look: Callable[[str], None]
) -> None:
    look("2026-03-16T08:30")
    desk("研判", MONDAY)
    look("2026-03-16T09:00")
    assert heard(session, "clerk") == []
    look("2026-03-17T08:30")
    assert [notice.text for notice in heard(session, "clerk")] == ["今日提要：逾期 1 项"]


def test_there_is_none_on_a_day_off(
    session: Session, desk: Callable[..., str], look: Callable[[str], None]
) -> None:
    desk("研判", date(2026, 3, 13))
    look("2026-03-14T08:30")  # a Saturday
    assert heard(session, "clerk") == []
    assert session.scalars(select(Job).where(Job.kind == KIND)).all() == []


def test_what_was_planned_and_not_done_on_its_day_is_not_told_the_day_after(
    session: Session, sessions: sessionmaker[Session], context: Context, desk: Callable[..., str]
) -> None:
    desk("研判", date(2026, 3, 13))
    plan_digest(session, context.calendar(session), at("2026-03-16T23:59:59"))
    session.commit()
    pump = Pump(sessions, context, "p", {KIND: digester(context)})
    drain(pump, "engine", lambda: at("2026-03-17T00:00:01"))
    assert session.scalars(select(Job.status).where(Job.kind == KIND)).all() == ["done"]
    assert heard(session, "clerk") == []


def test_a_long_list_ends_with_how_many_more_there_are(
    session: Session, desk: Callable[..., str], look: Callable[[str], None]
) -> None:
    for _ in range(MOST + 2):
        desk("研判", date(2026, 3, 13))
    look("2026-03-16T08:30")
    (digest,) = heard(session, "clerk")
    assert digest.text == f"今日提要：逾期 {MOST + 2} 项"
    assert digest.lines is not None
    assert len(digest.lines) == MOST + 1
    assert digest.lines[-1] == ["另有 2 项，见待办", "/inbox"]


def test_it_holds_numbers_tasks_days_and_links_and_no_title(
    session: Session, desk: Callable[..., str], look: Callable[[str], None]
) -> None:
    desk("研判", MONDAY - timedelta(days=3))
    look("2026-03-16T08:30")
    (digest,) = heard(session, "clerk")
    assert "张某某" not in f"{digest.text} {digest.lines}"
