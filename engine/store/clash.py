"""What a database error means: another transaction was in the way, or was first."""

from __future__ import annotations

from sqlalchemy.exc import DBAPIError

AGAIN = ("40001", "40P01")
"""PostgreSQL: serialization failure, deadlock. The same transaction goes through when it is run again."""
BUSY = ("55P03", "57014", "57P01", "57P02", "57P03", "53300")
"""PostgreSQL: waited too long, the server is stopping or starting, no connection is free."""
TAKEN = "23505"
"""PostgreSQL: unique violation."""


def again(error: BaseException) -> bool:
    """Whether the transaction lost to another one and may be run once more, at once."""
    return _state(error) in AGAIN


def busy(error: BaseException) -> bool:
    """Whether it may go through later: nothing is wrong with what was asked."""
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return True
    return again(error) or _state(error) in BUSY or _name(error).startswith("SQLITE_BUSY")


def taken(error: BaseException) -> bool:
    """Whether another transaction wrote a row of the same key first."""
    return _state(error) == TAKEN or _name(error) in (
        "SQLITE_CONSTRAINT_UNIQUE",
        "SQLITE_CONSTRAINT_PRIMARYKEY",
    )


def _state(error: BaseException) -> str:
    return getattr(getattr(error, "orig", None), "sqlstate", None) or ""


def _name(error: BaseException) -> str:
    return getattr(getattr(error, "orig", None), "sqlite_errorname", None) or ""
