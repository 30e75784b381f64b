"""Statements of the one hot path: compiled once per kind of database, run on the driver's own cursor.

SQLAlchemy spends more time on building, keying and compiling a statement than SQLite spends on running it. A
`Prepared` keeps what SQLAlchemy compiled, with its type conversions, and skips the rest. It sees every row:
the visibility hook narrows ORM selects only, so who may see what is decided before a step, not inside it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Dialect, Table, bindparam, insert
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.sql.schema import ScalarElementColumnDefault

Convert = Callable[[Any], Any]
Values = Mapping[str, Any]
DRIVER = "driver of the transaction"


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
        compiled, cursor = self._run(session, values)
        found = cursor.fetchall()
        cursor.close()
        return [compiled.read(row) for row in found] if compiled.reads else found

    def row(self, session: Session, **values: Any) -> tuple[Any, ...] | None:
        """The first row, or None."""
        compiled, cursor = self._run(session, values)
        found = cursor.fetchone()
        cursor.close()
        return found and compiled.read(found)

    def change(self, session: Session, **values: Any) -> int:
        """Runs an insert, update or delete; returns how many rows it touched."""
        _, cursor = self._run(session, values)
        count = int(cursor.rowcount)
        cursor.close()
        return count

    def many(self, session: Session, rows: Sequence[Values]) -> None:
        """The same change for each row, in order."""
        if rows:  # one row by itself: drivers take several steps for several
            self._run(session, rows if len(rows) > 1 else rows[0])[1].close()

    def _run(self, session: Session, values: dict[str, Any] | Sequence[Values]) -> tuple[_Compiled, Any]:
        session.flush()  # what the ORM holds back belongs before this statement; free when there is nothing
        driver, dialect = _driver(session)
        compiled = self._compiled.get(dialect.name)
        if compiled is None:
            compiled = self._compiled[dialect.name] = _Compiled(self._statement, dialect)
        cursor = driver.cursor()
        try:
            if isinstance(values, dict):
                cursor.execute(compiled.sql, compiled.write(self._filled(values)), **compiled.how)
            else:
                cursor.executemany(compiled.sql, [compiled.write(self._filled(row)) for row in values])
        except dialect.loaded_dbapi.Error as error:
            base = dialect.loaded_dbapi.Error
            raise DBAPIError.instance(compiled.sql, None, error, base, dialect=dialect) from error
        return compiled, cursor

    def _filled(self, values: Values) -> Values:
        return {**self._defaults, **values} if self._defaults else values


def _driver(session: Session) -> tuple[Any, Dialect]:
    """The driver's connection of the session's transaction, asked for once in each transaction."""
    known = session.info.get(DRIVER)
    if known is None or known[0] is not session.get_transaction():
        connection = session.connection()
        driver = connection.connection.dbapi_connection
        known = session.info[DRIVER] = (session.get_transaction(), driver, connection.dialect)
    return known[1], known[2]


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
