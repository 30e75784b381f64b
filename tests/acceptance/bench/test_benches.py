"""The benches run and print the keys that are read from them; their figures are not judged here."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[3]


def printed(script: str, *words: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, f"bench/{script}", *words], cwd=ROOT, capture_output=True, text=True, check=True
    )
    read: dict[str, Any] = json.loads(done.stdout)
    return read


def test_the_step_bench_prints_both_sides_by_round_and_the_bytes() -> None:
    told = printed("step.py", "--rounds", "2,3", "--samples", "4")
    assert sorted(told["step_ms"]) == sorted(told["naive_ms"]) == ["2", "3"]
    assert all(value > 0 for side in ("step_ms", "naive_ms") for value in told[side].values())
    assert 0 < told["bytes_written"] <= 2048


def test_the_memory_bench_prints_a_live_case_and_a_step_in_one_child_of_many() -> None:
    told = printed("memory.py", "--cases", "10", "--children", "8", "--samples", "3")
    assert (told["live_cases"], told["children"], told["samples"]) == (10, 8, 3)
    assert 0 < told["live_kb"] <= 20
    assert told["child_step_ms"] > 0
    assert told["ratio"] == pytest.approx(told["naive_child_step_ms"] / told["child_step_ms"], abs=0.1)


def test_the_startup_bench_prints_time_and_memory() -> None:
    told = printed("startup.py", "--times", "1")
    assert told["ready_s"] > 0
    assert len(told["rss_mb"]) == 2  # the parent, and one worker with the scheduler in it
    assert told["memory_mb"] <= sum(told["rss_mb"])


@pytest.mark.campaign
def test_the_fan_out_bench_prints_rate_and_step_by_units() -> None:
    told = printed("fanout.py", "--units", "2,4")
    assert sorted(told["started_per_s"]) == sorted(told["parent_step_ms"]) == ["2", "4"]
    assert all(value > 0 for key in ("started_per_s", "parent_step_ms") for value in told[key].values())
    assert sorted(told["ratio"]) == ["parent_step_ms", "started_per_s"]


def test_the_timer_bench_acts_on_all_that_falls_due_and_on_nothing_else() -> None:
    told = printed("timers.py", "--waiting", "60", "--due", "8", "--late", "5")
    assert (told["fired"], told["looks"], told["waiting"]) == (8, 16, 60)
    assert told["seconds"] > 0
    assert sorted(told["scan_ms_by_waiting"], key=int) == ["16", "60"]
    assert told["scan_ms"] == told["scan_ms_by_waiting"]["60"] > 0
    assert 0 < told["lateness_p99_s"] < 60


@pytest.mark.campaign
def test_the_cycle_bench_takes_every_unit_through_self_check_and_inspection() -> None:
    told = printed("cycle.py", "--units", "3")
    assert told["units"] == 3
    for task in ("unit_self_check/ut_fill", "unit_inspection/ut_materials", "annual_inspection/ut_calibrate"):
        assert told["step_ms"][task] > 0
    assert max(told["slowest"].values()) <= max(told["step_ms"].values())
    assert 0 < told["kb_per_unit"] <= 400
