"""AES-256-GCM: seals bytes for one place, so that they open nowhere else."""

from __future__ import annotations

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from engine.errors import NotAllowed

VERSION = b"\x01"
NONCE_BYTES = 12


def seal(key: bytes, plain: bytes, place: str) -> bytes:
    """version | nonce | cipher text and tag. `place` names table, column and row, and is bound to it."""
    nonce = os.urandom(NONCE_BYTES)
    return VERSION + nonce + AESGCM(key).encrypt(nonce, plain, VERSION + place.encode())


def unseal(key: bytes, sealed: bytes, place: str) -> bytes:
    """The plain bytes. Raises NotAllowed when they were changed, cut, moved, or sealed by another key."""
    if len(sealed) <= 1 + NONCE_BYTES or sealed[:1] != VERSION:
        raise NotAllowed(f"密封内容已损坏（{place}）：请联系管理员核对备份")
    nonce, body = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
    try:
        return AESGCM(key).decrypt(nonce, body, VERSION + place.encode())
    except InvalidTag as error:
        raise NotAllowed(f"密封内容与其位置或密钥不符，可能被改动（{place}）：请联系管理员") from error
