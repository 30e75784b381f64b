"""The ladder against 督查室 itself, on a corrected calendar, and with a letter issued."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from command.play.perform import perform
from command.play.script import read_script
from command.play.stage import Theatre
from engine.actor import Actor
from engine.store.tables import Incident, Instance
from supervision.deadlines.calendars import load_year
from supervision.deadlines.versions import newest_calendar
from supervision.document.table import Document
from supervision.escalation import letters
from supervision.escalation.follow_ups import urge
from supervision.escalation.table import FollowUp
from supervision.notice.table import Notice

from .conftest import PROCESSES, Desk

STORIES = PROCESSES / "complaint" / "scenarios"


def test_nobody_of_the_body_complained_of_is_told(theatre: Theatre) -> None:
    # given a complaint against 督查室 that 区政府办公室 does not triage
    script = read_script(next(STORIES.glob("T19*.toml")))
    stage = theatre.stage(script.start)
    assert perform(stage, replace(script, steps=[])) == []
    late = Desk(stage)
    # when
    late.move("2026-04-20T10:00")
    # then
    told = late.told("逾期较久")
    assert told >= {"office-clerk", "office-head", "group-head"}
    with late.session() as session:
        everybody = set(session.scalars(select(Notice.login)))
    assert everybody.isdisjoint({"lead", "clerk1", "clerk2", "clerk3"})
    assert late.cards() == []


def test_a_corrected_calendar_takes_no_card_back_and_gives_none_twice(late: Desk) -> None:
    late.move("2026-03-24T10:00")
    owner = Actor("owner", "流程所有者")
    with late.session() as session:  # 03-23 turns out to be a holiday: the period ends a day later
        text = newest_calendar(session)[2026]
        text += '\n[[holiday]]\nname = "水灾停工"\nfrom = 2026-03-20\nto = 2026-03-23\n'
        load_year(
            session, late.stage.system.context, 2026, text,
            reason="市政府通知停工", by=owner, now=late.stage.clock.at,
        )  # fmt: skip
        session.commit()
        assert late.deadline(session).due_on.isoformat() == "2026-03-25"
    late.move("2026-03-26T10:00")
    assert [(colour, day) for _, colour, day, _ in late.cards()] == [("黄牌", "2026-03-24")]
    assert late.follow_ups() == [("催办", "done")]
    late.move("2026-03-30T10:00")
    assert [colour for _, colour, _, _ in late.cards()] == ["黄牌", "红牌"]


def test_the_unit_reads_of_a_letter_when_it_is_issued(theatre: Theatre) -> None:
    script = read_script(STORIES / "L1-逐级督办.toml")
    letter = max(n for n, step in enumerate(script.steps) if step.task == "ut_sign")
    stage = theatre.stage(script.start)
    late = Desk(stage)
    # when it is signed
    assert perform(stage, replace(script, steps=script.steps[: letter + 1])) == []
    # then
    assert late.told("收到《催办通知书》") == {
        "u06-contact", "u06-contact2", "u06-inner", "u06-inner2", "u06-head",
    }  # fmt: skip
    with late.session() as session:
        row = session.scalars(select(Document).where(Document.template_code == "D40")).one()
        assert row.status == "issued"
        assert row.doc_no.startswith("云政公开督〔2026〕")
        case = session.scalars(select(Instance.id).where(Instance.process_id == "complaint")).one()
        assert row.instance_id == case


@pytest.mark.parametrize("broken", [("TEMPLATE", "D99"), ("PROCESS", "no_such_process")])
def test_people_are_warned_although_the_letter_cannot_be_drafted(
    late: Desk, broken: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as changed:
        changed.setattr(letters, *broken)
        late.move("2026-03-24T10:00")
    assert (late.told("已逾期") >= {"u06-contact", "lead"}, late.follow_ups()) == (True, [("催办", "open")])
    with late.session() as session:
        follow = session.scalars(select(FollowUp)).one()
        assert follow.reason.startswith("没有起草：")
        assert session.scalars(select(Incident)).all() == []
        # and a person begins it once it can be
        context, now = late.stage.system.context, late.stage.clock.at
        urge(session, context, follow.deadline_id, "U06", actor=late.actor(session, "clerk1"), now=now)
        assert (follow.serial, follow.status, follow.reason) == (1, "done", "")
