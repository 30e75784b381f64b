"""约谈 and clues are decided by a person, once; cards are withdrawn with a reason and stay on record."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.errors import Conflict, InvalidData, NotAllowed
from engine.store.tables import Deadline, HistoryEntry, Instance, KeptMessage, Task
from supervision.accountability.table import Clue
from supervision.document.table import Document
from supervision.escalation.cards import withdraw
from supervision.escalation.decide import accept_talk, confirm_clue, decline, summary_of
from supervision.escalation.follow_ups import urge
from supervision.escalation.table import Card, FollowUp

from .conftest import Desk

WHY = "已核实确系逾期未办"


@pytest.fixture
def red(late: Desk) -> Desk:
    """At L4."""
    late.move("2026-04-02T10:00")
    return late


def follow_up(session: Session, kind: str) -> FollowUp:
    return session.scalars(select(FollowUp).where(FollowUp.kind == kind)).one()


def test_a_confirmed_clue_has_a_number_and_goes_to_accountability_once(red: Desk) -> None:
    context, now = red.stage.system.context, red.stage.clock.at
    with red.session() as session:
        clue, lead = follow_up(session, "线索"), red.actor(session, "lead")
        for grounds, reason, wrong in (("R8(1)", WHY, "grounds"), ("R8(8)", "是", "reason")):
            with pytest.raises(InvalidData) as refused:
                confirm_clue(session, context, clue.id, grounds, reason, actor=lead, now=now)
            assert list(refused.value.errors) == [wrong]
        with pytest.raises(NotAllowed, match="负责人"):
            confirm_clue(session, context, clue.id, "R8(8)", WHY, actor=red.actor(session, "clerk1"), now=now)
        confirm_clue(session, context, clue.id, "R8(8)", WHY, actor=lead, now=now)
        assert (clue.status, clue.number, clue.decided_by) == ("done", "XS-2026-0001", "lead")
        with pytest.raises(Conflict, match="已经决定"):
            confirm_clue(session, context, clue.id, "R8(8)", WHY, actor=lead, now=now)
        session.commit()
        begun = session.scalars(select(Clue)).one()
        assert (begun.number, begun.grounds) == ("XS-2026-0001", ["R8(8)"])
        assert begun.source_case_no == "TS-2026-0001"
        kinds = session.scalars(select(HistoryEntry.kind).where(HistoryEntry.chain == clue.instance_id)).all()
        assert kinds.count("follow_up.decided") == 1


def test_a_clue_says_no_more_than_is_true(red: Desk) -> None:
    with red.session() as session:
        clue = follow_up(session, "线索")
        assert summary_of(session, clue).endswith("前办结，仍未办结。")  # 催办 is a draft: it reached nobody
        letter = session.get_one(Instance, follow_up(session, "催办").letter_id)
        letter.status, letter.ended_with = "completed", "end_refused"
        session.flush()
        assert "经催办" not in summary_of(session, clue)
        letter.ended_with = "end_issued"
        for task in session.scalars(select(Task).where(Task.deadline_id == clue.deadline_id)):
            task.status, task.ended_at = "completed", red.stage.clock.at
        session.flush()
        assert summary_of(session, clue).endswith("前办结，经催办于 2026-04-02 才办理完毕。")


def test_a_discarded_clue_leaves_its_reason_and_nothing_else(red: Desk) -> None:
    with red.session() as session:
        clue, lead = follow_up(session, "线索"), red.actor(session, "lead")
        with pytest.raises(InvalidData, match="理由"):
            decline(session, clue.id, "线索", " ", actor=lead, now=red.stage.clock.at)
        decline(session, clue.id, "线索", "单位已当面说明", actor=lead, now=red.stage.clock.at)
        assert (clue.status, clue.number, clue.reason) == ("declined", None, "单位已当面说明")
        assert session.scalars(select(KeptMessage).where(KeptMessage.name == "msg_clue")).all() == []


def test_an_accepted_talk_begins_its_letter(red: Desk) -> None:
    context, now = red.stage.system.context, red.stage.clock.at
    with red.session() as session:
        talk, deputy = follow_up(session, "约谈"), red.actor(session, "group-deputy")
        accept_talk(session, context, talk.id, actor=deputy, now=now)
        assert talk.letter_id is not None
        task = session.scalars(select(Task).where(Task.instance_id == talk.letter_id)).one()
        assert (task.element_id, task.status) == ("ut_draft", "open")
        letter = session.scalars(select(Document).where(Document.title == "约谈通知书")).one()
        assert (letter.status, letter.template_code) == ("draft", "D40")
        assert "区住房和城乡建设局" in letter.body_html
        assert "安宁" not in letter.body_html


def test_a_second_letter_waits_for_the_first(red: Desk) -> None:
    context, now = red.stage.system.context, red.stage.clock.at
    with red.session() as session:
        row, clerk = red.deadline(session), red.actor(session, "clerk1")
        with pytest.raises(Conflict, match="还在制发"):
            urge(session, context, row.id, "U06", actor=clerk, now=now)
        first = session.get_one(Instance, follow_up(session, "催办").letter_id)
        first.status = "completed"
        again = urge(session, context, row.id, "U06", actor=clerk, now=now)
        assert (again.serial, again.raised_by) == (2, "clerk1")
        with pytest.raises(Conflict, match="不由"):
            urge(session, context, row.id, "U08", actor=clerk, now=now)
        with pytest.raises(NotAllowed):
            urge(session, context, row.id, "U06", actor=red.actor(session, "u06-head"), now=now)


def test_a_withdrawn_card_stays_on_record(red: Desk) -> None:
    now = red.stage.clock.at
    with red.session() as session:
        card = session.scalars(select(Card).where(Card.colour == "黄牌")).one()
        assert card.expires_on.isoformat() == "2027-03-25"  # 03-24 of the next year still counts
        with pytest.raises(NotAllowed):
            withdraw(session, card.id, WHY, actor=red.actor(session, "u06-head"), now=now)
        with pytest.raises(InvalidData):
            withdraw(session, card.id, "", actor=red.actor(session, "lead"), now=now)
        withdraw(session, card.id, "系统迟延所致", actor=red.actor(session, "lead"), now=now)
        with pytest.raises(Conflict, match="已经撤销"):
            withdraw(session, card.id, WHY, actor=red.actor(session, "lead"), now=now)
        session.commit()
        assert card.state(now.date()) == "已撤销"
    red.move("2026-04-10T10:00")
    assert [colour for _, colour, *_ in red.cards()] == ["黄牌", "红牌"]


def test_a_second_yellow_card_on_the_same_case_is_a_red_one(late: Desk) -> None:
    late.move("2026-03-24T10:00")
    with late.session() as session:  # a second period of the case that the unit lets pass
        first = late.deadline(session)
        columns = {c.key: getattr(first, c.key) for c in Deadline.__table__.columns}
        second = Deadline(**{**columns, "id": "second", "level": "L0", "watch_at": first.due_at})
        session.add(second)
        task = session.scalars(select(Task).where(Task.deadline_id == first.id, Task.status == "open")).one()
        session.flush()
        task.deadline_id = second.id
        session.commit()
    late.move("2026-03-24T10:01")
    assert [(colour, cause) for _, colour, _, cause in late.cards()] == [
        ("黄牌", "逾期"), ("黄牌", "逾期"), ("红牌", "同一案件第二张黄牌"),
    ]  # fmt: skip
