"""The one declarative base; constraint names are fixed so that Alembic can alter them on every database."""

from __future__ import annotations

from typing import cast

from sqlalchemy import ColumnElement, Index, MetaData, Table
from sqlalchemy import literal_column as literal
from sqlalchemy.orm import DeclarativeBase

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Every table of the system derives from this class."""

    metadata = MetaData(naming_convention=NAMING)


def table_of(entity: type[Base]) -> Table:
    """The table behind an entity, for statements that write without loading objects."""
    return cast(Table, entity.__table__)


def partial_index(name: str, *columns: str, where: str) -> Index:
    """An index of the rows for which `where` (plain SQL) holds; the others cost it nothing.

    SQLite uses it only when a query says the condition in the same words: compare with a `word`, not a value.
    """
    condition: ColumnElement[bool] = literal(where)
    return Index(name, *columns, sqlite_where=condition, postgresql_where=condition)


def word(value: str) -> ColumnElement[str]:
    """A fixed word of ours as part of the statement's text, so that partial indexes can be used."""
    return literal(f"'{value}'")
