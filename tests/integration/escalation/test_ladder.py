"""A late unit is warned level by level; nothing is decided without a person."""

from __future__ import annotations

from sqlalchemy import select

from command.play.stage import Theatre
from engine.store.tables import DeadlineEvent, HistoryEntry, Instance, KeptMessage, Task
from supervision.escalation.climb import climb
from supervision.notice.table import Notice

from .conftest import Desk, at, begin, make_invited

UNIT = ("u06-contact", "u06-contact2", "u06-inner", "u06-inner2")
YELLOW = ("U06", "黄牌", "2026-03-24", "逾期")
RED = ("U06", "红牌", "2026-03-26", "逾期较久")


def test_each_level_tells_more_people_and_proposes_more(late: Desk) -> None:
    # amber: the unit's people, and the clerks of 督查室 in copy
    late.move("2026-03-18T09:01")
    assert late.told("即将到期") == {*UNIT, "clerk1", "clerk2", "clerk3"}
    assert (late.cards(), late.follow_ups()) == ([], [])
    # red: a card from the first moment, told of at nine, with a letter drafted
    late.move("2026-03-24T08:59")
    assert (late.cards(), late.told("已逾期")) == ([YELLOW], set())
    late.move("2026-03-24T09:01")
    assert late.told("已逾期") >= {"u06-contact", "u06-deputy", "lead"}
    assert late.told("已逾期").isdisjoint({"u06-head", "group-deputy", "u08-deputy"})
    assert late.told("已记黄牌") >= {"u06-deputy", "u06-inner"}
    assert late.follow_ups() == [("催办", "done")]
    with late.session() as session:
        letter = session.scalars(select(Instance).where(Instance.process_id == "document_issue")).all()
        assert [task.element_id for task in _open(session, letter[-1].id)] == ["ut_draft"]
    # L3
    late.move("2026-03-26T09:01")
    assert late.cards() == [YELLOW, RED]
    assert late.told("逾期较久") >= {"u06-head", "group-deputy"}
    assert late.follow_ups() == [("催办", "done"), ("约谈", "open")]
    # L4: a draft, and no message to 问责
    late.move("2026-04-02T09:01")
    assert late.cards() == [YELLOW, RED]
    assert "group-head" in late.told("严重逾期")
    assert late.told("问责线索草稿待确认") == {"lead"}
    assert late.follow_ups() == [("催办", "done"), ("约谈", "open"), ("线索", "open")]
    late.move("2026-09-01T09:00")
    assert late.follow_ups() == [("催办", "done"), ("约谈", "open"), ("线索", "open")]
    with late.session() as session:
        assert session.scalars(select(KeptMessage).where(KeptMessage.name == "msg_clue")).all() == []


def test_after_an_outage_the_card_bears_the_day_after_the_end(late: Desk) -> None:
    late.move("2026-03-23T23:00")
    late.sleep("2026-03-24T15:00")
    late.move("2026-03-24T15:01")
    assert late.cards() == [YELLOW]
    assert late.told("已逾期") >= {"u06-contact", "lead"}
    late.sleep("2026-06-01T12:00")
    late.move("2026-06-01T12:01")
    assert late.cards() == [YELLOW, RED]
    assert late.follow_ups() == [("催办", "done"), ("约谈", "open"), ("线索", "open")]
    assert late.told("逾期较久") == set()  # levels passed while it was off are told of as the highest


def test_climbing_again_does_nothing(late: Desk) -> None:
    late.move("2026-04-03T09:00")
    before = (late.cards(), late.follow_ups(), _counts(late))
    for _ in range(2):
        with late.session() as session:
            assert (
                climb(session, late.stage.system.context, late.deadline(session).id, late.stage.clock.at)
                == ""
            )
            session.commit()
    assert (late.cards(), late.follow_ups(), _counts(late)) == before


def test_work_handed_in_late_before_anybody_looked_has_its_card(late: Desk) -> None:
    late.move("2026-03-23T23:59")
    late.sleep("2026-03-24T00:20")
    with late.session() as session:  # the block ends at 00:10, before the look
        row = late.deadline(session)
        row.status, row.finished_at = "finished", at("2026-03-24T00:10")
        for task in _open(session, row.instance_id):
            task.status, task.ended_at = "completed", at("2026-03-24T00:10")
        session.commit()
    late.move("2026-03-24T09:30")
    assert late.cards() == [YELLOW]
    assert (late.told("已逾期"), late.follow_ups()) == (set(), [])


def test_an_invited_unit_has_lights_only(theatre: Theatre) -> None:
    late = begin(theatre, prepare=make_invited)
    late.move("2026-04-03T09:00")
    assert (late.cards(), late.follow_ups()) == ([], [])
    assert late.told("严重逾期，请立即办理") >= {"u06-contact", "u06-head", "lead", "group-head"}
    assert late.told("线索") == set()


def test_what_the_supervising_body_is_late_with_itself_gives_no_card(theatre: Theatre) -> None:
    # given a case that nobody triages: CP-TRIAGE ends on 03-09, L2 and L3 are one day of a short period
    late = begin(theatre, until="ut_complete")
    late.move("2026-04-03T09:00")
    assert (late.cards(), late.follow_ups()) == ([], [])
    clerks = {"clerk1", "clerk2", "clerk3"}
    assert late.told("逾期较久") == {*clerks, "lead", "office-head", "group-head"}
    assert late.told("严重逾期") >= {"group-head"}


def test_no_notice_or_letter_names_the_complainant(late: Desk) -> None:
    late.move("2026-04-03T09:00")
    with late.session() as session:
        texts = session.scalars(select(Notice.text)).all()
        names = session.scalars(select(HistoryEntry.name)).all()
    assert texts
    assert not any(word in text for text in [*texts, *names] for word in ("安宁", "13800000001"))


def _open(session, instance_id):  # type: ignore[no-untyped-def]
    return session.scalars(select(Task).where(Task.instance_id == instance_id, Task.status == "open")).all()


def _counts(late: Desk) -> tuple[int, int]:
    with late.session() as session:
        return len(session.scalars(select(Notice.id)).all()), len(
            session.execute(select(DeadlineEvent.seq)).all()
        )
