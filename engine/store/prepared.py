"""Statements of the one hot path: compiled once per kind of database, run on the driver's own cursor.

SQLAlchemy spends more time on building, keying and compiling a statement than SQLite spends on running it. A
`Prepared` keeps what SQLAlchemy compiled, with its type conversions, and skips the rest. It sees every row:
the visibility hook narrows ORM selects only, so who may see what is decided before a step, not inside it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
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
AT_ONCE = 20
"""Rows of one insert where each statement is a message of its own."""
_PARAMETER = re.compile(r"%\((\w+)\)s")


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

    def whole(self, values: Values) -> dict[str, Any]:
        """The row as an insert writes it."""
        return {**(self._defaults or {}), **values}

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
        way = _way(session)
        compiled = self._for(way)
        try:
            cursor = self._run(session, way, compiled, values)
            if way.notes is not None:
                pipeline.end(way.notes)  # only now the count is known
        except way.error as error:
            raise _told(compiled, way, error) from error
        count = int(cursor.rowcount)
        cursor.close()
        return count

    def send(self, session: Session, **values: Any) -> None:
        """A change whose count nobody asks: on PostgreSQL an error of it comes with the next statement."""
        self.many(session, (values,))

    def many(self, session: Session, rows: Sequence[Values]) -> None:
        """The same change for each row, in order, as `send` does."""
        if not rows:
            return
        way = _way(session)
        compiled = self._for(way)
        try:
            if way.notes is None:
                self._run(session, way, compiled, rows[0] if len(rows) == 1 else list(rows)).close()
            else:
                session.flush()  # before the pipeline begins: what it writes asks for answers
                pipeline.begin(way.driver, way.notes)
                for text, values in compiled.each(rows, together=self._defaults is not None):
                    way.driver.cursor().execute(text, values, **compiled.how)
        except way.error as error:
            raise _told(compiled, way, error) from error

    def _for(self, way: _Way) -> _Compiled:
        compiled = self._compiled.get(way.dialect.name)
        if compiled is None:
            compiled = _Compiled(self._statement, way.dialect, self._defaults or {})
            self._compiled[way.dialect.name] = compiled
        return compiled

    def _run(self, session: Session, way: _Way, compiled: _Compiled, values: Values | list[Values]) -> Any:
        session.flush()  # what the ORM holds back belongs before this statement; free when there is nothing
        cursor = way.driver.cursor()
        if isinstance(values, list):
            cursor.executemany(compiled.sql, [compiled.write(row) for row in values])
        else:
            cursor.execute(compiled.sql, compiled.write(values), **compiled.how)
        return cursor

    def _read(self, session: Session, values: Values, fetch: str) -> tuple[_Compiled, Any]:
        way = _way(session)
        compiled = self._for(way)
        try:
            cursor = self._run(session, way, compiled, values)
            found = getattr(cursor, fetch)()
        except way.error as error:
            raise _told(compiled, way, error) from error
        cursor.close()
        return compiled, found


@dataclass(frozen=True)
class _Way:
    """To the database of one transaction."""

    transaction: object
    driver: Any
    dialect: Dialect
    error: type[Exception]
    """The driver's."""
    notes: dict[str, Any] | None
    """The connection's own, where its driver can send ahead."""


def _way(session: Session) -> _Way:
    """Asked for once in each transaction."""
    known: _Way | None = session.info.get(WAY)
    if known is None or known.transaction is not session.get_transaction():
        connection = session.connection()
        proxy, dialect = connection.connection, connection.dialect
        notes = proxy.info if dialect.driver == "psycopg" else None
        error = dialect.loaded_dbapi.Error
        known = _Way(session.get_transaction(), proxy.dbapi_connection, dialect, error, notes)
        session.info[WAY] = known
    return known


def _told(compiled: _Compiled, way: _Way, error: Exception) -> BaseException:
    """The driver's error as SQLAlchemy's."""
    return DBAPIError.instance(compiled.sql, None, error, way.error, dialect=way.dialect)


class _Compiled:
    """Text and conversions for one dialect."""

    def __init__(self, statement: Any, dialect: Dialect, defaults: Values) -> None:
        compiled = statement.compile(dialect=dialect)
        self.sql = str(compiled)
        self.how = {"prepare": True} if dialect.driver == "psycopg" else {}
        self._positional = bool(compiled.positional)
        self._texts: dict[int, str] = {}
        self._names = tuple(compiled.positiontup if self._positional else compiled.binds)
        fixed = {name: bind.value for name, bind in compiled.binds.items() if not bind.required}
        self._given = {**fixed, **defaults}
        self._writes = _conversions(
            compiled.binds[name].type.dialect_impl(dialect).bind_processor(dialect) for name in self._names
        )
        self.reads = _conversions(
            column.type.dialect_impl(dialect).result_processor(dialect, None)
            for column in getattr(statement, "selected_columns", ())
        )

    def write(self, values: Values) -> Any:
        """A list where the driver counts its parameters, a mapping where it names them."""
        if self._given:
            values = {**self._given, **values}
        given = [values[name] for name in self._names]
        for at, convert in self._writes:
            given[at] = convert(given[at])
        return given if self._positional else dict(zip(self._names, given, strict=True))

    def each(self, rows: Sequence[Values], *, together: bool) -> Iterator[tuple[str, Any]]:
        """Texts and values for a driver that names its parameters; rows of an insert go `together`."""
        if not together:
            yield from ((self.sql, self.write(row)) for row in rows)
            return
        for begin in range(0, len(rows), AT_ONCE):
            some = [self.write(row) for row in rows[begin : begin + AT_ONCE]]
            values = {f"{name}_{at}": value for at, row in enumerate(some) for name, value in row.items()}
            yield self._together(len(some)), values

    def _together(self, count: int) -> str:
        if count not in self._texts:
            head, _, group = self.sql.partition(" VALUES ")
            groups = (_PARAMETER.sub(rf"%(\1_{at})s", group) for at in range(count))
            self._texts[count] = f"{head} VALUES {', '.join(groups)}"
        return self._texts[count]

    def read(self, row: Sequence[Any]) -> tuple[Any, ...]:
        """A row as Python values."""
        values = list(row)
        for at, convert in self.reads:
            values[at] = convert(values[at])
        return tuple(values)


def _conversions(converts: Iterable[Convert | None]) -> list[tuple[int, Convert]]:
    """Where a value has to be converted, and how; most are stored as they are."""
    return [(at, convert) for at, convert in enumerate(converts) if convert is not None]
