"""Passwords: argon2id, and one simple rule for choosing them."""

from __future__ import annotations

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from engine.errors import InvalidData

MIN_LENGTH = 10
MAX_LENGTH = 200
_HASHER = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
"""The least OWASP asks for; a log-in then takes 19 MB for some 40 ms."""

_NOBODY = _HASHER.hash("nobody has this password")


def hash_password(password: str) -> str:
    """An argon2id hash with its own salt."""
    return _HASHER.hash(password)


def matches(hashed: str | None, password: str) -> bool:
    """Whether the password belongs to the hash. Without a hash it takes as long and is False."""
    try:
        return _HASHER.verify(hashed or _NOBODY, password[:MAX_LENGTH]) and hashed is not None
    except (VerificationError, InvalidHashError):
        return False


def check_password(password: str, login: str) -> None:
    """Raises InvalidData where the password is too easy to guess."""
    faults = []
    if not MIN_LENGTH <= len(password) <= MAX_LENGTH:
        faults.append(f"密码应为 {MIN_LENGTH} 至 {MAX_LENGTH} 个字符，现在是 {len(password)} 个。")
    elif len(set(password)) < 5:
        faults.append("密码重复的字符太多，请至少用 5 个不同的字符。")
    if login and login.lower() in password.lower():
        faults.append("密码不应包含登录名，请换一个。")
    if faults:
        raise InvalidData({"password": faults})
