"""统计: each figure against one counted by hand, with the edges of its definition."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from engine.errors import NotFound
from engine.history.append import append
from engine.store.tables import Deadline
from supervision.case.table import Case
from supervision.publication.table import Publication
from supervision.rectification.failed import failed
from supervision.rectification.table import Rectification
from supervision.statistics.figure import Period
from supervision.statistics.measures import MEASURES, value
from tests.integration.supervision.people import actor

MARCH = Period(date(2026, 3, 1), date(2026, 3, 31))
OPEN = Callable[..., Case]


def ended(case: Case, outcome: str, day: int | None = None, **columns: object) -> Case:
    case.outcome = outcome
    case.closed_at = datetime(2026, 3, day, 2, 0, tzinfo=UTC) if day else None
    for name, column in columns.items():
        setattr(case, name, column)
    return case


def handled(session: Session, case: Case, due: date, finished: datetime | None) -> Deadline:
    end = datetime(due.year, due.month, due.day, 16, 0, tzinfo=UTC)  # 24:00 in Asia/Shanghai
    row = Deadline(
        id=uuid.uuid4().hex, instance_id=case.instance_id, scope_task_id="t", element_id="sp_handle",
        name="办理", key="CP-HANDLE", rule_version="", calendar_version="", started_at=case.received_at,
        start_on=case.received_on, due_on=due, due_at=end, levels={},
        status="finished" if finished else "running", finished_at=finished,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def rectification(session: Session, case: Case, serial: int, **columns: object) -> Rectification:
    given = {"items": [], "report_to": [], "opened_on": date(2026, 3, 2), "unit_code": "U01", **columns}
    number = f"ZG-2026-{serial:04d}"
    row = Rectification(instance_id=case.instance_id, rect_no=number, source="自查", **given)
    session.add(row)
    session.flush()
    return row


def test_an_empty_period_divides_by_nothing(district: Session) -> None:
    words = {key: value(district, key, MARCH).words for key in MEASURES}
    assert {word for word in words.values()} == {"–", "0"}
    assert words["acceptance"] == "–"


def test_what_was_merged_guided_or_filed_could_not_be_accepted(district: Session, open_case: OPEN) -> None:
    for outcome in ("已并案", "已引导", "登记存查", "不予受理"):
        ended(open_case(), outcome, 10)
    for _ in range(3):
        open_case().accepted_on = date(2026, 3, 5)
    open_case(at=datetime(2026, 4, 1, 2, 0, tzinfo=UTC)).accepted_on = date(2026, 4, 2)
    district.flush()
    assert value(district, "complaints", MARCH).top == 7
    figure = value(district, "acceptance", MARCH)
    assert (figure.top, figure.bottom, figure.words) == (3, 4, "75.0%（4 件中 3 件）")


def test_midnight_in_beijing_parts_the_periods(district: Session, open_case: OPEN) -> None:
    open_case(at=datetime(2026, 3, 31, 15, 59, tzinfo=UTC))
    open_case(at=datetime(2026, 3, 31, 16, 0, tzinfo=UTC))  # 1 April, 0:00
    assert value(district, "complaints", MARCH).top == 1


def test_open_and_overdue_is_late_and_the_last_instant_is_in_time(district: Session, open_case: OPEN) -> None:
    due = date(2026, 3, 20)
    end = datetime(2026, 3, 20, 16, 0, tzinfo=UTC)
    kept, missed, waiting, later = (open_case() for _ in range(4))
    for case in (kept, missed, waiting, later):
        case.accepted_on = date(2026, 3, 3)
    handled(district, kept, due, end - timedelta(seconds=1))
    handled(district, missed, due, end)
    handled(district, waiting, due, None)
    handled(district, later, date(2026, 4, 3), None)
    ended(kept, "已办结", 20, conclusion="属实", decided_on=date(2026, 3, 19), published_on=date(2026, 3, 20))
    ended(missed, "已办结", 21, conclusion="不属实", decided_on=date(2026, 3, 19))
    district.flush()
    figure = value(district, "punctuality", MARCH)
    assert (figure.top, figure.bottom) == (1, 3)
    assert figure.counted == (kept.instance_id,)
    assert (value(district, "completion", MARCH).top, value(district, "completion", MARCH).bottom) == (2, 3)
    assert value(district, "substantiated", MARCH).rate == 0.5
    assert value(district, "punctuality", MARCH, "U02").words == "–"


def test_what_was_once_sent_back_or_given_to_another_unit_stays_counted(
    district: Session, open_case: OPEN
) -> None:
    def answered(case: Case, element_id: str, **data: str) -> None:
        append(
            district, case.instance_id, "task.completed", at=case.received_at, actor=actor("clerk"),
            element_id=element_id, payload=data,
        )  # fmt: skip

    again, moved, smooth, going = (open_case() for _ in range(4))
    for case in (again, moved, smooth, going):
        case.accepted_on = date(2026, 3, 3)
    for word in ("退回重办", "通过"):
        answered(again, "ut_review_ok", dcs_review=word)
    answered(moved, "ut_objection", objection_result="异议成立改派")
    for case in (moved, smooth):
        answered(case, "ut_review_ok", dcs_review="通过")
    answered(smooth, "ut_objection", objection_result="异议不成立")
    answered(going, "ut_review_ok", dcs_review="退回重办")  # not closed: counted when it is
    for case in (again, moved, smooth):
        ended(case, "已办结", 20)
    district.flush()
    for key, counted in (("redone", again), ("reassigned", moved)):
        figure = value(district, key, MARCH)
        assert (figure.bottom, figure.counted) == (3, (counted.instance_id,))
        assert value(district, key, MARCH, "U02").words == "–"


def test_a_lawful_secret_need_not_be_published(district: Session, open_case: OPEN) -> None:
    secret, shown, hidden = (open_case() for _ in range(3))
    for case in (secret, shown, hidden):
        case.accepted_on, case.decided_on = date(2026, 3, 3), date(2026, 3, 19)
    shown.published_on = date(2026, 3, 20)
    district.add(
        Publication(
            id=uuid.uuid4().hex, instance_id=secret.instance_id, number=secret.number, title="结果",
            channels=[], nonpub_ground="国家秘密", approved_by="lead",
        )
    )  # fmt: skip
    district.flush()
    figure = value(district, "publicity", MARCH)
    assert (figure.top, figure.bottom) == (1, 2)


def test_rectifications_are_counted_from_notice_to_relapse(district: Session, open_case: OPEN) -> None:
    on = date(2026, 3, 20)
    passed = {"reported_on": on, "on_time": True, "result": "合格", "closed_on": on}
    rectification(district, open_case(), 1, **passed, lookback="巩固")
    rectification(district, open_case(), 2, **passed, rounds=1)
    rectification(district, open_case(), 3, **{**passed, "on_time": False, "result": "不合格", "rounds": 1})
    rectification(district, open_case(), 4, result="逾期未报", closed_on=on)
    rectification(district, open_case(), 5, result="无需整改", closed_on=on)
    rectification(district, open_case(), 6, **{**passed, "result": "不合格"}, lookback="反弹")
    told = {key: (value(district, key, MARCH).top, value(district, key, MARCH).bottom) for key in MEASURES}
    assert told["rectifications"] == (5, None)
    assert told["corrected"] == (2, 5)
    assert told["rectify_on_time"] == (3, 5)
    assert told["passed_at_once"] == (2, 4)
    assert told["relapsed"] == (1, 2)
    reasons = [failed(district, f"zg-2026-000{serial}") for serial in range(1, 8)]
    assert reasons == [None, None, "不合格", "逾期未报", None, "不合格", None]


def test_a_report_awaited_counts_as_not_made_from_the_last_rung_on(
    district: Session, open_case: OPEN
) -> None:
    row = rectification(district, open_case(), 1)
    late = handled(district, district.get_one(Case, row.instance_id), date(2026, 3, 2), None)
    late.key, late.level = "RC-DUE", "L3"
    district.flush()
    assert failed(district, row.rect_no) is None
    late.level = "L4"
    district.flush()
    assert failed(district, row.rect_no) == "逾期未报"


def test_an_unknown_indicator_is_refused(district: Session) -> None:
    with pytest.raises(NotFound, match="没有名为"):
        value(district, "一次办结率", MARCH)
