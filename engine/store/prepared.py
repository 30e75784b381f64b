"""Statements of the one hot path: compiled once per kind of database, run on the driver's own cursor.

SQLAlchemy spends more time on building, keying and compiling a statement than SQLite spends on running it. A
`Prepared` keeps what SQLAlchemy compiled, with its type conversions, and skips the rest. It sees every row:
the visibility hook narrows ORM selects only, so who may see what is decided before a step, not inside it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Dialect, Table, bindparam, insert
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.sql.schema import ScalarElementColumnDefault

from engine.store import pipeline

Convert = Callable[[Any], Any]
Values = Mapping[str, Any]
WAY = "way to the database"


class Prepared:
    """A select, insert, update or delete whose values are all `bindparam`s; no ``IN`` of a list."""

    def __init__(self, statement: Any, defaults: Values | None = None) -> None:
        self._statement = statement
        self._defaults = defaults
        self._compiled: dict[str, _Compiled] = {}

    @classmethod
    def insert(cls, table: Table) -> Prepared:
        """Inserts rows; columns that are not given take their plain default, or None."""
        columns = table.columns
        defaults = {
            c.name: c.default.arg if isinstance(c.default, ScalarElementColumnDefault) else None
            for c in columns
        }
        return cls(insert(table).values({c.name: bindparam(c.name, type_=c.type) for c in columns}), defaults)

    def rows(self, session: Session, **values: Any) -> list[tuple[Any, ...]]:
        """What a select finds, columns in the order it names them."""
        compiled, found = self._read(session, values, "fetchall")
        return [compiled.read(row) for row in found] if compiled.reads else found

    def row(self, session: Session, **values: Any) -> tuple[Any, ...] | None:
        """The first row, or None."""
        compiled, found = self._read(session, values, "fetchone")
        return found and compiled.read(found)

    def change(self, session: Session, **values: Any) -> int:
        """Runs an insert, update or delete; returns how many rows it touched."""
        compiled, cursor = self._run(session, values)
        way = _way(session)
        if way.notes is not None:
            with _told(compiled, way):
                pipeline.end(way.notes)  # only now the count is known
        count = int(cursor.rowcount)
        cursor.close()
        return count

    def send(self, session: Session, **values: Any) -> None:
        """A change whose count nobody asks: on PostgreSQL an error of it comes with the next statement."""
        self.many(session, (values,))

    def many(self, session: Session, rows: Sequence[Values]) -> None:
        """The same change for each row, in order, as `send` does."""
        way = _way(session)
        if way.notes is None:
            if rows:
                self._run(session, rows if len(rows) > 1 else dict(rows[0]))[1].close()
            return
        for row in rows:
            session.flush()
            pipeline.begin(way.driver, way.notes)
            self._run(session, dict(row))

    def _run(self, session: Session, values: dict[str, Any] | Sequence[Values]) -> tuple[_Compiled, Any]:
        session.flush()  # what the ORM holds back belongs before this statement; free when there is nothing
        way = _way(session)
        compiled = self._compiled.get(way.dialect.name)
        if compiled is None:
            compiled = self._compiled[way.dialect.name] = _Compiled(self._statement, way.dialect)
        cursor = way.driver.cursor()
        with _told(compiled, way):
            if isinstance(values, dict):
                cursor.execute(compiled.sql, compiled.write(self._filled(values)), **compiled.how)
            else:
                cursor.executemany(compiled.sql, [compiled.write(self._filled(row)) for row in values])
        return compiled, cursor

    def _read(self, session: Session, values: dict[str, Any], fetch: str) -> tuple[_Compiled, Any]:
        compiled, cursor = self._run(session, values)
        with _told(compiled, _way(session)):
            found = getattr(cursor, fetch)()
        cursor.close()
        return compiled, found

    def _filled(self, values: Values) -> Values:
        return {**self._defaults, **values} if self._defaults else values


@dataclass(frozen=True)
class _Way:
    """To the database of one transaction."""

    transaction: object
    driver: Any
    dialect: Dialect
    notes: dict[str, Any] | None
    """The connection's own, where its driver can send ahead."""


def _way(session: Session) -> _Way:
    """Asked for once in each transaction."""
    known: _Way | None = session.info.get(WAY)
    if known is None or known.transaction is not session.get_transaction():
        connection = session.connection()
        proxy, dialect = connection.connection, connection.dialect
        notes = proxy.info if dialect.driver == "psycopg" else None
        known = session.info[WAY] = _Way(session.get_transaction(), proxy.dbapi_connection, dialect, notes)
    return known


class _told:
    """Lets the driver's errors out as SQLAlchemy's. A class: a generator would cost more than a statement."""

    def __init__(self, compiled: _Compiled, way: _Way) -> None:
        self._compiled, self._way = compiled, way

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        base = self._way.dialect.loaded_dbapi.Error
        if isinstance(error, base):
            dialect = self._way.dialect
            raise DBAPIError.instance(self._compiled.sql, None, error, base, dialect=dialect) from error


class _Compiled:
    """Text and conversions for one dialect."""

    def __init__(self, statement: Any, dialect: Dialect) -> None:
        compiled = statement.compile(dialect=dialect)
        self.sql = str(compiled)
        self.how = {"prepare": True} if dialect.driver == "psycopg" else {}
        self._positional = bool(compiled.positional)
        self._names = tuple(compiled.positiontup if self._positional else compiled.binds)
        self._fixed = {name: bind.value for name, bind in compiled.binds.items() if not bind.required}
        self._writes = _conversions(
            compiled.binds[name].type.dialect_impl(dialect).bind_processor(dialect) for name in self._names
        )
        self.reads = _conversions(
            column.type.dialect_impl(dialect).result_processor(dialect, None)
            for column in getattr(statement, "selected_columns", ())
        )

    def write(self, values: Values) -> Any:
        """A list where the driver counts its parameters, a mapping where it names them."""
        if self._fixed:
            values = {**self._fixed, **values}
        given = [values[name] for name in self._names]
        for at, convert in self._writes:
            given[at] = convert(given[at])
        return given if self._positional else dict(zip(self._names, given, strict=True))

    def read(self, row: Sequence[Any]) -> tuple[Any, ...]:
        """A row as Python values."""
        values = list(row)
        for at, convert in self.reads:
            values[at] = convert(values[at])
        return tuple(values)


def _conversions(converts: Iterable[Convert | None]) -> list[tuple[int, Convert]]:
    """Where a value has to be converted, and how; most are stored as they are."""
    return [(at, convert) for at, convert in enumerate(converts) if convert is not None]
