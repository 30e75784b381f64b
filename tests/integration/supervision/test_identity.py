"""The vault: sealed for one place, opened for few, each opening on record."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.errors import NotAllowed, NotFound
from engine.history.verify import verify_chain
from engine.store.tables import HistoryEntry
from supervision.case.table import Case
from supervision.identity.access import access_log, reveal
from supervision.identity.key import Keys, add_key, create_keys, load_keys
from supervision.identity.table import IdentityField, IdentityKey
from supervision.identity.vault import destroy, open_bytes, open_fields, seal, seal_bytes
from tests.integration.supervision.people import actor

CANARY = {"name": "金丝雀", "phone": "13800007731", "representatives": ["金丝雀", "百灵鸟"]}


@pytest.fixture
def sealed(
    open_case: Callable[..., Case], district: Session, keys: Keys, now: datetime
) -> Callable[..., Case]:
    def seal_(**data: object) -> Case:
        case = open_case(**data)
        seal(district, keys, case.instance_id, {**CANARY, "email": ""}, now)
        return case

    return seal_


def test_what_is_sealed_comes_back_and_lies_nowhere_in_clear(
    sealed: Callable[..., Case], district: Session, keys: Keys, tmp_path: Path
) -> None:
    # when
    case = sealed()
    # then
    assert open_fields(district, keys, case.instance_id) == CANARY  # the empty e-mail was left out
    district.commit()
    stored = b"".join(path.read_bytes() for path in tmp_path.glob("test.db*"))
    assert "金丝雀".encode() not in stored
    assert b"7731" not in stored


def test_a_value_moved_to_another_field_or_case_does_not_open(
    sealed: Callable[..., Case], district: Session, keys: Keys
) -> None:
    # given
    case = sealed()
    name = district.get_one(IdentityField, (case.instance_id, "name"))
    phone = district.get_one(IdentityField, (case.instance_id, "phone"))
    # when
    name.value, phone.value = phone.value, name.value
    district.flush()
    # then
    with pytest.raises(NotAllowed, match="可能被改动"):
        open_fields(district, keys, case.instance_id)


@pytest.mark.parametrize(
    "change", [lambda b: b[:-1], lambda b: b[:20] + bytes([b[20] ^ 1]) + b[21:], lambda b: b""]
)
def test_a_value_that_was_tampered_with_does_not_open(
    sealed: Callable[..., Case], district: Session, keys: Keys, change: Callable[[bytes], bytes]
) -> None:
    # given
    case = sealed()
    row = district.get_one(IdentityField, (case.instance_id, "name"))
    # when
    row.value = change(row.value)
    district.flush()
    # then
    with pytest.raises(NotAllowed):
        open_fields(district, keys, case.instance_id)


def test_a_file_opens_only_where_it_was_sealed(
    sealed: Callable[..., Case], district: Session, keys: Keys, now: datetime
) -> None:
    # given
    case, other = sealed(), sealed()
    content = seal_bytes(district, keys, case.instance_id, "attachment", b"photo", now)
    # then
    assert open_bytes(district, keys, case.instance_id, "attachment", content) == b"photo"
    with pytest.raises(NotAllowed):
        open_bytes(district, keys, other.instance_id, "attachment", content)


def test_a_destroyed_key_closes_the_case_for_good(
    sealed: Callable[..., Case], district: Session, keys: Keys, now: datetime
) -> None:
    # given
    case = sealed()
    content = seal_bytes(district, keys, case.instance_id, "attachment", b"photo", now)
    # when
    destroy(district, case.instance_id, now)
    # then
    assert open_fields(district, keys, case.instance_id) == {}
    with pytest.raises(NotFound, match="销毁"):
        open_bytes(district, keys, case.instance_id, "attachment", content)
    with pytest.raises(NotAllowed, match="销毁"):
        seal(district, keys, case.instance_id, {"name": "又来"}, now)
    assert district.get_one(IdentityKey, case.instance_id).destroyed_at == now


def test_a_new_key_opens_what_the_old_one_sealed(
    sealed: Callable[..., Case], district: Session, keys: Keys, tmp_path: Path, now: datetime
) -> None:
    # given
    case = sealed()
    # when
    rotated = add_key(tmp_path / "keys" / "identity.key")
    # then
    assert rotated.current != keys.current
    assert open_fields(district, rotated, case.instance_id) == CANARY


@pytest.mark.parametrize(
    ("target", "entitled"),
    [
        ("U01", {"clerk", "clerk2", "lead"}),
        ("DCS", {"office"}),  # AV-6: a case against 督查室
        ("LSG", {"upper"}),  # AV-6: a case against 领导小组
    ],
)
def test_only_who_handles_the_case_may_know_who_complained(
    sealed: Callable[..., Case], district: Session, keys: Keys, now: datetime, target: str, entitled: set[str]
) -> None:
    case = sealed(target_unit=target)
    people = [
        "clerk",
        "clerk2",
        "lead",
        "office",
        "upper",
        "group",
        "contact",
        "head",
        "auditor",
        "manager",
        "admin",
    ]
    let_in = set()
    for login in people:
        try:
            reveal(district, keys, case.instance_id, actor(login), "电话核实诉求", now)
            let_in.add(login)
        except NotAllowed:
            continue
    assert let_in == entitled


def test_opening_the_vault_is_on_record_with_its_reason(
    sealed: Callable[..., Case], district: Session, keys: Keys, now: datetime
) -> None:
    # given
    case = sealed()
    # when
    assert reveal(district, keys, case.instance_id, actor("clerk"), " 电话核实诉求 ", now) == CANARY
    # then
    (entry,) = access_log(district, case.instance_id)
    assert (entry.login, entry.reason, entry.fields) == ("clerk", "电话核实诉求", sorted(CANARY))
    kinds = district.scalars(select(HistoryEntry.kind).where(HistoryEntry.chain == case.instance_id)).all()
    assert kinds == ["identity.revealed"]
    assert verify_chain(district, case.instance_id) is None


def test_a_reason_is_needed(
    sealed: Callable[..., Case], district: Session, keys: Keys, now: datetime
) -> None:
    case = sealed()
    with pytest.raises(NotAllowed, match="理由"):
        reveal(district, keys, case.instance_id, actor("clerk"), " 看 ", now)
    assert access_log(district, case.instance_id) == []


def test_the_reason_must_not_name_the_complainant(
    sealed: Callable[..., Case], district: Session, keys: Keys, now: datetime
) -> None:
    case = sealed()
    with pytest.raises(NotAllowed, match="留在记录里"):
        reveal(district, keys, case.instance_id, actor("clerk"), "给金丝雀回电话", now)
    assert access_log(district, case.instance_id) == []


def test_the_key_file_is_for_its_owner_only(tmp_path: Path) -> None:
    # given
    path = tmp_path / "identity.key"
    create_keys(path)
    assert path.stat().st_mode & 0o777 == 0o600
    # when
    os.chmod(path, 0o640)
    # then
    with pytest.raises(NotAllowed, match="chmod 600"):
        load_keys(path)


def test_a_key_file_is_never_overwritten(tmp_path: Path) -> None:
    create_keys(tmp_path / "identity.key")
    with pytest.raises(FileExistsError):
        create_keys(tmp_path / "identity.key")


@pytest.mark.parametrize("text", ["", "k1 not-base64\n", "k1 c2hvcnQ=\n"])
def test_a_broken_key_file_says_so(tmp_path: Path, text: str) -> None:
    path = tmp_path / "identity.key"
    path.write_text(text)
    path.chmod(0o600)
    with pytest.raises(NotAllowed, match="备份"):
        load_keys(path)


def test_a_key_is_not_shown_by_accident(keys: Keys) -> None:
    assert repr(keys) == "Keys(current='k1', 1 in all)"


def test_who_looks_is_listed_newest_first(
    sealed: Callable[..., Case], district: Session, keys: Keys, now: datetime
) -> None:
    case = sealed()
    reveal(district, keys, case.instance_id, actor("clerk"), "电话核实诉求", now)
    reveal(district, keys, case.instance_id, actor("lead"), "审核受理意见", now + timedelta(hours=1))
    assert [entry.login for entry in access_log(district)] == ["lead", "clerk"]
