"""Notices reach a person once, and only its owner marks one read."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from supervision.notice import holders, mark_read, notices_of, notify, unread_count


def test_the_same_key_reaches_a_person_once(district: Session, now: datetime) -> None:
    notify(district, ["clerk", "lead", "clerk"], "新任务：研判", "/tasks/1", now, "task:1")
    notify(district, ["clerk", "clerk2"], "新任务：研判", "/tasks/1", now, "task:1")
    for login in ("clerk", "clerk2", "lead"):
        assert [notice.text for notice in notices_of(district, login)] == ["新任务：研判"]


def test_marking_read_touches_ones_own_only(district: Session, now: datetime) -> None:
    # given
    notify(district, ["clerk", "lead"], "一", "", now, "a")
    notify(district, ["clerk"], "二", "", now, "b")
    theirs = notices_of(district, "lead")[0]
    # when
    mark_read(district, "clerk", now, theirs.id)
    # then
    assert (unread_count(district, "clerk"), unread_count(district, "lead")) == (2, 1)
    mark_read(district, "clerk", now)
    assert (unread_count(district, "clerk"), unread_count(district, "lead")) == (0, 1)


def test_holders_are_found_by_role_and_unit(district: Session, now: datetime) -> None:
    assert holders(district, "U_CONTACT", "U01", now) == {"contact"}
    assert holders(district, "U_CONTACT", "U02", now) == set()
