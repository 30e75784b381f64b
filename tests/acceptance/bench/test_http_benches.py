"""The benches over HTTP and of the inbox run and print the keys that are read from them."""

from __future__ import annotations

import pytest

from bench.postgres import binaries
from tests.acceptance.bench.test_benches import printed

NEEDED = pytest.mark.skipif(not binaries(), reason="no PostgreSQL server: apt-get install postgresql")
pytestmark = pytest.mark.campaign
DATABASES = ["sqlite", pytest.param("postgresql", marks=NEEDED)]


@pytest.mark.parametrize("database", DATABASES)
def test_the_http_bench_prints_both_sides_and_the_growth(database: str) -> None:
    words = ("--only", database, "--rounds", "1", "--cases", "1", "--growth", "3,6")
    told = printed("http.py", *words)
    assert sorted(told) == sorted([database, "growth_ms"])
    for side in ("ours", "naive"):
        figures = told[database][side]
        assert all(figures[key] > 0 for key in ("p50_ms", "p99_ms", "per_s_1", "per_s_4", "cpu_ms"))
        assert figures["completed"] == 11 * (1 + 4)
        assert sorted(figures["growth_ms"]) == ["3", "6"]
    assert told["growth_ms"] == told[database]["ours"]["growth_ms"]


@pytest.mark.parametrize("database", DATABASES)
def test_the_inbox_bench_prints_a_median_by_size(database: str) -> None:
    told = printed("inbox.py", "--only", database, "--sizes", "200,300", "--samples", "3")
    for key in ("p50_ms", "few_p50_ms"):
        assert list(told[key]) == [database]
        assert sorted(told[key][database]) == ["200", "300"]
        assert all(value > 0 for value in told[key][database].values())
