"""受理回执: the right code opens, everything else looks the same and is counted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from supervision.case.table import Case
from supervision.identity.receipt import (
    ALPHABET,
    FORGET,
    LOCK,
    LOCKED,
    MAX_TRIES,
    WRONG,
    check_code,
    issue_receipt,
)
from supervision.identity.table import QueryTry, Receipt

PHONE = "138-0000-7731"


@pytest.fixture
def filed(open_case: Callable[..., Case], district: Session, now: datetime) -> tuple[Case, str]:
    case = open_case()
    return case, issue_receipt(district, case.number, case.instance_id, PHONE, now)


def test_number_code_and_phone_tail_open_the_case(
    filed: tuple[Case, str], district: Session, now: datetime
) -> None:
    case, code = filed
    assert check_code(district, case.number, code, "7731", now).instance_id == case.instance_id


def test_it_does_not_matter_how_it_was_typed(
    filed: tuple[Case, str], district: Session, now: datetime
) -> None:
    case, code = filed
    typed = f" {code[:5].lower()} {code[5:]} "
    assert check_code(
        district, f" {case.number.lower()} ", typed, "\uff17\uff17\uff13\uff11", now
    ).instance_id


def test_an_anonymous_complainant_needs_the_code_alone(
    open_case: Callable[..., Case], district: Session, now: datetime
) -> None:
    case = open_case(identity_mode="匿名")
    code = issue_receipt(district, case.number, case.instance_id, "", now)
    assert check_code(district, case.number, code, "", now).instance_id == case.instance_id
    assert check_code(district, case.number, code, "1234", now).instance_id == case.instance_id


@pytest.mark.parametrize(
    ("number", "code", "tail"),
    [
        (None, None, "0000"),  # the wrong phone
        (None, "2222222222", "7731"),  # the wrong code
        ("TS-2026-9999", None, "7731"),  # no such number
        ("nonsense", None, "7731"),
        ("", "", ""),
    ],
)
def test_every_mistake_reads_the_same(
    filed: tuple[Case, str],
    district: Session,
    now: datetime,
    number: str | None,
    code: str | None,
    tail: str,
) -> None:
    case, right = filed
    checked = check_code(
        district, case.number if number is None else number, right if code is None else code, tail, now
    )
    assert (checked.instance_id, checked.message) == (None, WRONG)


@pytest.mark.parametrize("real", [True, False])
def test_tries_are_limited_whether_or_not_the_number_exists(
    filed: tuple[Case, str], district: Session, now: datetime, real: bool
) -> None:
    # given
    case, code = filed
    number = case.number if real else "TS-2026-9999"
    # when
    said = [check_code(district, number, "2222222222", "7731", now).message for _ in range(MAX_TRIES + 1)]
    # then
    assert said == [WRONG] * (MAX_TRIES - 1) + [LOCKED] * 2
    assert check_code(district, number, code, "7731", now).message == LOCKED
    later = check_code(district, number, code, "7731", now + LOCK)
    assert bool(later.instance_id) is real


def test_tries_are_forgotten_after_a_day_and_after_a_success(
    filed: tuple[Case, str], district: Session, now: datetime
) -> None:
    # given
    case, code = filed
    for _ in range(MAX_TRIES - 1):
        check_code(district, case.number, "2222222222", "7731", now)
    # when a day later one more mistake is made, elsewhere too
    later = now + FORGET + timedelta(seconds=1)
    assert check_code(district, case.number, "2222222222", "7731", later).message == WRONG
    # then
    assert district.get_one(QueryTry, case.number).tries == 1
    assert check_code(district, case.number, code, "7731", later).instance_id
    assert district.scalars(select(QueryTry)).all() == []


def test_what_cannot_be_a_number_is_not_counted(district: Session, now: datetime) -> None:
    check_code(district, "' OR 1=1 --", "x", "", now)
    assert district.scalars(select(QueryTry)).all() == []


def test_the_code_is_kept_only_as_a_hash_and_is_easy_to_read_aloud(
    filed: tuple[Case, str], district: Session
) -> None:
    case, code = filed
    row = district.get_one(Receipt, case.number)
    assert row.code_hash.startswith("$argon2id$")
    assert code not in row.code_hash
    assert len(code) == 10
    assert set(code) <= set(ALPHABET)
    assert not set("01OIL") & set(ALPHABET)
