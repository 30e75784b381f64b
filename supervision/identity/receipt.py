"""受理回执 and 查询码: how a complainant comes back without an account.

A wrong code, a wrong phone tail and a number that does not exist get the same sentence, after the same work,
and are counted alike.
"""

from __future__ import annotations

import re
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from supervision.account.password import hash_password, matches
from supervision.identity.table import QueryTry, Receipt
from supervision.lock import locked_row

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Without 0 O 1 I L: codes are read aloud and copied by hand. Ten of them are 49 bits."""

CODE_LENGTH = 10
MAX_TRIES = 5
LOCK = timedelta(minutes=15)
FORGET = timedelta(days=1)
WRONG = "受理编号、查询码或手机尾号不正确，请对照受理回执核对。"
LOCKED = f"这个编号在短时间内输错了 {MAX_TRIES} 次，请 {LOCK.seconds // 60} 分钟后再试。"
_NUMBER = re.compile(r"[A-Z]{2}-\d{4}-\d{4,6}")


@dataclass(frozen=True)
class Checked:
    """`instance_id` when number and code belong together; else `message`. Commit either way."""

    instance_id: str | None
    message: str = ""


def issue_receipt(session: Session, number: str, instance_id: str, phone: str, now: datetime) -> str:
    """Writes the receipt of a new case; returns the code, which is nowhere kept in clear."""
    code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
    tail = phone_tail(phone)
    session.add(
        Receipt(
            number=number,
            instance_id=instance_id,
            code_hash=hash_password(_secret(code, tail)),
            with_phone=bool(tail),
            issued_at=now,
        )
    )
    session.flush()
    return code


def check_code(session: Session, number: str, code: str, tail: str, now: datetime) -> Checked:
    """Whether the code opens the number; `tail` is the last four digits of the phone, '' for 匿名."""
    number, code = _clean(number)[:40], _clean(code)[:40]
    record = session.get(QueryTry, number, with_for_update=True)
    locked = record is not None and record.locked_until is not None and record.locked_until > now
    receipt = session.scalars(select(Receipt).where(Receipt.number == number)).first()
    with_phone = receipt.with_phone if receipt else bool(tail)
    right = matches(
        receipt.code_hash if receipt else None, _secret(code, phone_tail(tail) if with_phone else "")
    )
    if locked:
        return Checked(None, LOCKED)
    if right and receipt:
        if record is not None:
            session.delete(record)
        return Checked(receipt.instance_id)
    return Checked(None, _count(session, number, record, now))


def phone_tail(phone: str) -> str:
    """The last four digits, '' when there are fewer."""
    digits = re.sub(r"\D", "", unicodedata.normalize("NFKC", phone))
    return digits[-4:] if len(digits) >= 4 else ""


def _count(session: Session, number: str, record: QueryTry | None, now: datetime) -> str:
    session.execute(delete(QueryTry).where(QueryTry.last_at < now - FORGET))
    if not _NUMBER.fullmatch(number):
        return WRONG  # cannot exist, so guessing it teaches nothing and need not fill the table
    if record is None or record.last_at < now - FORGET:
        record = locked_row(session, QueryTry, {"number": number}, {"tries": 0, "last_at": now})
    record.tries, record.last_at = record.tries + 1, now
    if record.tries < MAX_TRIES:
        return WRONG
    record.tries, record.locked_until = 0, now + LOCK
    return LOCKED


def _secret(code: str, tail: str) -> str:
    return f"{code}|{tail}"


def _clean(text: str) -> str:
    """As typed on any keyboard: full width, small letters and spaces do not matter."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).upper()
