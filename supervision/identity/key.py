"""The district's key file: outside the database, readable by its owner only.

One line per key, ``id base64``; the last line is the current key, earlier ones only open what they sealed.
"""

from __future__ import annotations

import base64
import binascii
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from engine.errors import NotAllowed, NotFound

KEY_BYTES = 32


@dataclass(frozen=True)
class Keys:
    """Keys by id, and which of them seals what is new."""

    current: str
    by_id: Mapping[str, bytes]

    def __repr__(self) -> str:
        """Never shows a key: objects end up in logs."""
        return f"Keys(current={self.current!r}, {len(self.by_id)} in all)"


def create_keys(path: Path) -> Keys:
    """Writes a new file with one key, mode 0600. Raises FileExistsError: a key is never overwritten."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(_line("k1"))
    return load_keys(path)


def add_key(path: Path) -> Keys:
    """Appends a new current key (轮换); what the earlier ones sealed stays readable."""
    keys = load_keys(path)
    with path.open("a") as file:
        file.write(_line(f"k{len(keys.by_id) + 1}"))
    return load_keys(path)


def load_keys(path: Path) -> Keys:
    """Reads the file.

    Raises:
        NotFound: there is none. NotAllowed: others can read it, or a line is not a key.
    """
    if not path.is_file():
        raise NotFound(f"没有找到身份密钥文件 {path}：请先运行 ducha init，或从密钥备份恢复")
    if path.stat().st_mode & 0o077:
        raise NotAllowed(f"身份密钥文件 {path} 可被他人读取：请运行 chmod 600 {path}")
    by_id: dict[str, bytes] = {}
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if not line.strip():
            continue
        key_id, _, text = line.strip().partition(" ")
        by_id[key_id] = _decode(text, f"{path} 第 {number} 行")
    if not by_id:
        raise NotAllowed(f"身份密钥文件 {path} 是空的：请从密钥备份恢复")
    return Keys(list(by_id)[-1], by_id)


def _line(key_id: str) -> str:
    return f"{key_id} {base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()}\n"


def _decode(text: str, where: str) -> bytes:
    try:
        key = base64.b64decode(text, validate=True)
    except binascii.Error:
        key = b""
    if len(key) != KEY_BYTES:
        raise NotAllowed(
            f"身份密钥文件 {where} 应为“编号 + 空格 + {KEY_BYTES} 字节密钥的 base64”，请从备份恢复"
        )
    return key
