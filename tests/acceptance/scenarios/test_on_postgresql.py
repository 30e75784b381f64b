"""Scenarios play on a PostgreSQL server too, in databases of their own that are gone afterwards."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest

from bench.postgres import Postgres
from command.main import main

STORIES = Path(__file__).parents[3] / "processes" / "complaint" / "scenarios"


def databases(postgres: Postgres) -> list[str]:
    with psycopg.connect(postgres.url("postgres")) as connection:
        return sorted(name for (name,) in connection.execute("SELECT datname FROM pg_database"))


def test_complaints_play_as_written_and_leave_no_database(
    postgres: Postgres, capsys: pytest.CaptureFixture[str]
) -> None:
    # given
    before = databases(postgres)
    stories = [str(path) for name in ("L1", "R5", "T12") for path in sorted(STORIES.glob(f"{name}*.toml"))]
    # when
    code = main(["scenario", *stories, "--database", postgres.url("postgres")])
    # then
    assert f"演练了 {len(stories)} 个情景：{len(stories)} 个通过" in capsys.readouterr().out
    assert code == 0
    assert len(stories) >= 4
    assert databases(postgres) == before


def test_a_server_that_is_none_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["scenario", "--database", "sqlite:///x.db"]) == 1
    assert "应为 postgresql:// 开头" in capsys.readouterr().err


def test_a_user_who_may_not_create_databases_is_told_what_to_ask_for(
    postgres: Postgres, capsys: pytest.CaptureFixture[str]
) -> None:
    # given
    with psycopg.connect(postgres.url("postgres"), autocommit=True) as connection:
        connection.execute("CREATE ROLE modest LOGIN")
    # when
    url = postgres.url("postgres").replace("ducha@", "modest@", 1)
    code = main(["scenario", *map(str, sorted(STORIES.glob("R1*.toml"))), "--database", url])
    # then
    assert code == 1
    assert "请授予该用户 CREATEDB" in capsys.readouterr().err
