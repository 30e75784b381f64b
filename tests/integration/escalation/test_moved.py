"""The ladder follows a deadline that is extended, suspended or moved; what was issued stays."""

from __future__ import annotations

from sqlalchemy import select

from engine.actor import Actor
from engine.instance.clock import extend, resume, suspend
from engine.store.tables import Deadline

from .conftest import Desk

LEAD = Actor("lead", "负责人")


def test_an_extended_deadline_is_warned_of_again_before_its_new_end(late: Desk) -> None:
    late.move("2026-03-18T09:01")
    with late.session() as session:
        extend(
            session, late.stage.system.context, late.deadline(session).id, 10,
            reason="需要调取三个年度的文件", actor=LEAD, now=late.stage.clock.at,
        )  # fmt: skip
        session.commit()
        row = late.deadline(session)
        assert (row.due_on.isoformat(), row.levels["L1"]) == ("2026-04-07", "2026-03-30")
    late.move("2026-03-29T12:00")
    assert "u06-contact" not in late.told("04-07")
    late.move("2026-03-30T09:01")
    assert late.told("即将到期：到期日 2026-04-07") >= {"u06-contact", "clerk1"}
    assert late.cards() == []
    late.move("2026-04-08T09:01")
    assert [day for *_, day, _ in late.cards()] == ["2026-04-08"]


def test_a_suspended_deadline_does_not_climb(late: Desk) -> None:
    late.move("2026-03-16T10:00")
    with late.session() as session:
        suspend(
            session, late.stage.system.context, late.deadline(session).id,
            reason="中止", clause="", remark="等待鉴定", actor=LEAD, now=late.stage.clock.at,
        )  # fmt: skip
        session.commit()
    late.move("2026-05-20T10:00")
    assert (late.cards(), late.follow_ups(), late.told("到期日")) == ([], [], set())
    with late.session() as session:
        resume(
            session, late.stage.system.context, late.deadline(session).id,
            reason="鉴定完成", actor=LEAD, now=late.stage.clock.at,
        )  # fmt: skip
        session.commit()
        row = session.scalars(select(Deadline).where(Deadline.key == "CP-HANDLE")).one()
        amber, red = row.levels["L1"], row.levels["L2"]
    assert "2026-05-20" <= amber
    late.move(f"{amber}T09:01")
    assert late.told("即将到期") >= {"u06-contact"}
    late.move(f"{red}T09:01")
    assert [day for *_, day, _ in late.cards()] == [red]
