"""The vault: each case has a key of its own; fields and files are sealed with it, each for its place."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.errors import NotAllowed, NotFound
from supervision.identity import cipher
from supervision.identity.key import KEY_BYTES, Keys
from supervision.identity.table import IdentityField, IdentityKey


def seal(
    session: Session, keys: Keys, instance_id: str, fields: Mapping[str, Any], now: datetime
) -> list[str]:
    """Seals values (anything JSON can hold) field by field; empty ones are left out. Returns what was sealed.

    A field sealed before is replaced: the clerk who reads a record back to the caller may correct it.
    """
    key = _case_key(session, keys, instance_id, now)
    kept = {field: value for field, value in fields.items() if value not in (None, "", [], {})}
    for field, value in kept.items():
        sealed = cipher.seal(key, orjson.dumps(value), _field_place(instance_id, field))
        row = session.get(IdentityField, (instance_id, field))
        if row is None:
            row = IdentityField(instance_id=instance_id, field=field)
            session.add(row)
        row.value, row.sealed_at = sealed, now
    session.flush()
    return sorted(kept)


def open_fields(session: Session, keys: Keys, instance_id: str) -> dict[str, Any]:
    """All sealed values of a case. For code that checks a text; people go through `reveal`."""
    key = _existing_key(session, keys, instance_id)
    if key is None:
        return {}
    rows = session.scalars(
        select(IdentityField).where(IdentityField.instance_id == instance_id).order_by(IdentityField.field)
    )
    return {
        row.field: orjson.loads(cipher.unseal(key, row.value, _field_place(instance_id, row.field)))
        for row in rows
    }


def take(session: Session, keys: Keys, instance_id: str, field: str) -> Any:
    """The value of one field, which is then gone from the vault: it moves to a record of its own."""
    row = session.get(IdentityField, (instance_id, field))
    key = _existing_key(session, keys, instance_id)
    if row is None or key is None:
        return None
    value = orjson.loads(cipher.unseal(key, row.value, _field_place(instance_id, field)))
    session.delete(row)
    session.flush()
    return value


def seal_bytes(
    session: Session, keys: Keys, instance_id: str, place: str, content: bytes, now: datetime
) -> bytes:
    """Cipher text of a file or text that is stored elsewhere; `place` says where."""
    return cipher.seal(_case_key(session, keys, instance_id, now), content, f"{place}.{instance_id}")


def open_bytes(session: Session, keys: Keys, instance_id: str, place: str, sealed: bytes) -> bytes:
    """What `seal_bytes` sealed for that place. Raises NotFound when the case's key is destroyed."""
    key = _existing_key(session, keys, instance_id)
    if key is None:
        raise NotFound("该案没有密封内容，或其密钥已按保管期限销毁")
    return cipher.unseal(key, sealed, f"{place}.{instance_id}")


def destroy(session: Session, instance_id: str, now: datetime) -> None:
    """Destroys the case's key: nobody can read what it sealed any more, in backups of the rows neither."""
    row = session.get(IdentityKey, instance_id)
    if row is not None and row.wrapped is not None:
        row.wrapped, row.destroyed_at = None, now
        session.flush()


def _case_key(session: Session, keys: Keys, instance_id: str, now: datetime) -> bytes:
    key = _existing_key(session, keys, instance_id)
    if key is not None:
        return key
    if session.get(IdentityKey, instance_id) is not None:
        raise NotAllowed("该案的身份密钥已按保管期限销毁，不能再登记身份信息")
    fresh = secrets.token_bytes(KEY_BYTES)
    wrapped = cipher.seal(keys.by_id[keys.current], fresh, _key_place(instance_id))
    session.add(IdentityKey(instance_id=instance_id, key_id=keys.current, wrapped=wrapped, created_at=now))
    session.flush()
    return fresh


def _existing_key(session: Session, keys: Keys, instance_id: str) -> bytes | None:
    row = session.get(IdentityKey, instance_id)
    if row is None or row.wrapped is None:
        return None
    if row.key_id not in keys.by_id:
        raise NotFound(f"身份密钥文件中没有编号为“{row.key_id}”的密钥：请从密钥备份恢复")
    return cipher.unseal(keys.by_id[row.key_id], row.wrapped, _key_place(instance_id))


def _key_place(instance_id: str) -> str:
    return f"identity_key.wrapped.{instance_id}"


def _field_place(instance_id: str, field: str) -> str:
    return f"identity_field.value.{instance_id}.{field}"
