"""What every connection to PostgreSQL is told, and what happens when the server hangs up or is not there."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, text

from bench.postgres import ALONE
from engine.store.db import make_engine
from engine.store.migrate import upgrade


def shown(engine: Engine, name: str) -> str:
    with engine.connect() as connection:
        return str(connection.scalar(text(f"SHOW {name}")))


def test_every_wait_has_an_end_and_every_instant_is_utc(bare_postgres: str) -> None:
    database = make_engine(bare_postgres)
    assert shown(database, "lock_timeout") == "20s"
    assert shown(database, "statement_timeout") == "1min"
    assert shown(database, "idle_in_transaction_session_timeout") == "2min"
    assert shown(database, "transaction_isolation") == "read committed"
    assert shown(database, "timezone") == "UTC"
    database.dispose()


def test_a_migration_may_take_its_time(bare_postgres: str) -> None:
    database = make_engine(bare_postgres, limited=False)
    assert shown(database, "statement_timeout") == "0"
    database.dispose()


def test_the_url_may_say_otherwise(bare_postgres: str) -> None:
    database = make_engine(f"{bare_postgres}&options=-c%20statement_timeout%3D5s")
    assert shown(database, "statement_timeout") == "5s"
    assert shown(database, "lock_timeout") == "20s"
    database.dispose()


def test_connections_that_the_server_closed_are_not_used_again(bare_postgres: str) -> None:
    # given connections that lie idle
    database, other = make_engine(bare_postgres), make_engine(bare_postgres)
    idle = [database.connect() for _ in range(3)]
    for connection in idle:
        connection.close()
    # when the server ends them
    with other.connect() as connection:
        assert len(connection.execute(text(ALONE)).all()) == 3
    # then nobody notices
    for _ in range(3):
        with database.connect() as connection:
            assert connection.scalar(text("SELECT 1")) == 1
    database.dispose()
    other.dispose()


def test_a_database_that_cannot_be_reached_is_said_in_a_sentence() -> None:
    with pytest.raises(ConnectionError, match="连不上数据库，请检查 DATABASE_URL"):
        upgrade("postgresql://ducha:geheim@127.0.0.1:1/ducha")


@pytest.mark.parametrize("url", ["mysql://ducha:geheim@host/db", "ducha:geheim"])
def test_an_address_that_is_none_is_refused_without_showing_its_password(url: str) -> None:
    with pytest.raises(ValueError, match="DATABASE_URL") as refused:
        make_engine(url)
    assert "geheim" not in str(refused.value)
