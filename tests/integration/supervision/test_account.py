"""Logging in, log-in sessions, passwords, and what one sees afterwards."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.actor import SYSTEM_ACTOR
from engine.errors import InvalidData, NotAllowed
from engine.store.tables import HistoryEntry
from supervision.account.authenticate import LOCK, MAX_TRIES, REFUSED, authenticate
from supervision.account.manage import change_password, create_account
from supervision.account.session import (
    IDLE,
    LONGEST,
    account_of,
    needs_touch,
    open_session,
    revoke,
    revoke_all,
    touch,
)
from supervision.account.table import Account, LoginSession
from supervision.account.viewer import actor_of, viewer_of_actor
from supervision.organisation.grants import grant, holders, roles_of

PASSWORD = "云溪-correct-horse"


@pytest.fixture
def person(district: Session, now: datetime) -> Account:
    return create_account(
        district, "zhou", "周某", PASSWORD, "DCS", by=SYSTEM_ACTOR, now=now, must_change=False
    )


def test_the_right_password_logs_in(district: Session, person: Account, now: datetime) -> None:
    assert authenticate(district, " zhou ", PASSWORD, now).account is person


@pytest.mark.parametrize("login", ["zhou", "nobody"])
def test_a_wrong_password_and_an_unknown_name_read_the_same(
    district: Session, person: Account, now: datetime, login: str
) -> None:
    refused = authenticate(district, login, "wrong", now)
    assert (refused.account, refused.message) == (None, REFUSED)


def test_five_wrong_tries_rest_the_account_for_a_quarter_of_an_hour(
    district: Session, person: Account, now: datetime
) -> None:
    # given
    for _ in range(MAX_TRIES):
        authenticate(district, "zhou", "wrong", now)
    # when / then
    locked = authenticate(district, "zhou", PASSWORD, now + LOCK - timedelta(seconds=1))
    assert (locked.account, locked.message) == (None, REFUSED)
    assert authenticate(district, "zhou", PASSWORD, now + LOCK).account is person


def test_a_success_forgets_earlier_slips(district: Session, person: Account, now: datetime) -> None:
    # given
    for _ in range(MAX_TRIES - 1):
        authenticate(district, "zhou", "wrong", now)
    authenticate(district, "zhou", PASSWORD, now)
    # when
    authenticate(district, "zhou", "wrong", now)
    # then
    assert authenticate(district, "zhou", PASSWORD, now).account is person


def test_an_inactive_account_does_not_log_in(district: Session, person: Account, now: datetime) -> None:
    person.active = False
    assert authenticate(district, "zhou", PASSWORD, now).account is None


def test_a_session_ends_by_idleness_and_by_age(district: Session, person: Account, now: datetime) -> None:
    token = open_session(district, person, now)
    assert account_of(district, token, now + IDLE - timedelta(seconds=1)) is person
    assert account_of(district, token, now + IDLE) is None
    for hour in range(1, 13):
        touch(district, token, now + hour * IDLE - timedelta(seconds=1))
    assert account_of(district, token, now + LONGEST) is None


def test_the_token_itself_is_not_in_the_database(district: Session, person: Account, now: datetime) -> None:
    token = open_session(district, person, now)
    assert token not in district.scalars(select(LoginSession.token_hash)).all()


def test_a_page_writes_only_once_a_minute(district: Session, person: Account, now: datetime) -> None:
    token = open_session(district, person, now)
    assert not needs_touch(district, token, now + timedelta(seconds=59))
    assert needs_touch(district, token, now + timedelta(seconds=60))


def test_logging_out_ends_the_session(district: Session, person: Account, now: datetime) -> None:
    token = open_session(district, person, now)
    revoke(district, token, now)
    assert account_of(district, token, now) is None


def test_a_changed_password_ends_every_other_session(
    district: Session, person: Account, now: datetime
) -> None:
    # given
    here, elsewhere = open_session(district, person, now), open_session(district, person, now)
    # when
    change_password(district, person, PASSWORD, "云溪-another-horse", now=now, token=here)
    # then
    assert account_of(district, here, now) is person
    assert account_of(district, elsewhere, now) is None
    assert revoke_all(district, "zhou", now) == 1


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("short", "10"),
        ("aaaaaaaaaaaa", "不同"),
        ("zhou-and-more", "登录名"),
    ],
)
def test_an_easy_password_is_refused_with_the_reason(
    district: Session, person: Account, now: datetime, password: str, words: str
) -> None:
    with pytest.raises(InvalidData) as refused:
        change_password(district, person, PASSWORD, password, now=now)
    assert words in refused.value.errors["password"][0]


def test_the_old_password_must_be_known(district: Session, person: Account, now: datetime) -> None:
    with pytest.raises(NotAllowed, match="原密码"):
        change_password(district, person, "wrong", "云溪-another-horse", now=now)


@pytest.mark.parametrize(
    ("login", "name", "field"), [("Zhou", "周某", "login"), ("clerk", "周某", "login"), ("wu", " ", "name")]
)
def test_an_account_needs_a_free_plain_login_and_a_name(
    district: Session, now: datetime, login: str, name: str, field: str
) -> None:
    with pytest.raises(InvalidData) as refused:
        create_account(district, login, name, PASSWORD, "DCS", by=SYSTEM_ACTOR, now=now)
    assert field in refused.value.errors


def test_creating_an_account_is_on_the_systems_record(
    district: Session, person: Account, now: datetime
) -> None:
    kinds = district.scalars(select(HistoryEntry.kind).where(HistoryEntry.chain == "system")).all()
    assert "account.created" in kinds


def test_roles_hold_from_their_first_day_to_their_last(
    district: Session, person: Account, now: datetime
) -> None:
    # given
    today = now.date()
    grant(district, "zhou", "DCS_CLERK", "", by=SYSTEM_ACTOR, now=now, until=today)
    # then
    assert roles_of(district, "zhou", today) == {("DCS_CLERK", "")}
    assert roles_of(district, "zhou", today - timedelta(days=1)) == frozenset()
    assert roles_of(district, "zhou", today + timedelta(days=1)) == frozenset()


def test_holders_of_a_role_are_those_of_the_unit_and_those_of_the_district(
    district: Session, now: datetime
) -> None:
    assert holders(district, "U_HEAD", "U01", now.date()) == ["head"]
    assert holders(district, "DCS_CLERK", "", now.date()) == ["clerk", "clerk2"]


@pytest.mark.parametrize(
    ("login", "scopes"),
    [
        ("clerk", {"body:DCS"}),
        ("office", {"body:QZB"}),
        ("upper", {"body:UP"}),
        ("contact", {"unit:U01"}),
        ("auditor", {"audit:all"}),
        ("manager", {"board:all"}),
        ("admin", set()),  # runs the system, sees no case
    ],
)
def test_a_person_sees_by_the_roles_held(
    district: Session, now: datetime, login: str, scopes: set[str]
) -> None:
    viewer = viewer_of_actor(actor_of(district, district.get_one(Account, login), now))
    assert (set(viewer.scopes), viewer.everything) == (scopes, False)


def test_who_may_be_complained_about_gains_nothing_by_watching_all(district: Session, now: datetime) -> None:
    # given a clerk of 督查室 who is also 监看
    grant(district, "clerk", "MANAGER", "", by=SYSTEM_ACTOR, now=now)
    # when
    viewer = viewer_of_actor(actor_of(district, district.get_one(Account, "clerk"), now))
    # then
    assert viewer.scopes == {"body:DCS"}
