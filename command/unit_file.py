"""Reads the list of units under supervision: TOML with [[unit]] tables, or CSV with a head line."""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from engine.errors import InvalidData
from supervision.organisation.units import SUPERVISED
from supervision.seed import UnitEntry

COLUMNS = {"代码": "code", "名称": "name", "类型": "type", "简称": "short_name"}
"""Chinese heads are understood too."""


def read_units(path: Path) -> list[UnitEntry]:
    """Raises InvalidData with every problem of the file, by line or entry."""
    try:
        rows = _csv(path) if path.suffix.lower() == ".csv" else _toml(path)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, csv.Error) as error:
        raise InvalidData({str(path): [f"读不出单位名单：{error}"]}) from error
    units, problems, seen = [], [], set()
    for number, row in enumerate(rows, 1):
        code, name, kind, short = (
            str(row.get(key) or "").strip() for key in ("code", "name", "type", "short_name")
        )
        entry = UnitEntry(code, name, kind or str(row.get("unit_type") or "").strip(), short)
        if not entry.code or not entry.name:
            problems.append(f"第 {number} 个单位缺少代码或名称")
        elif entry.unit_type not in SUPERVISED:
            problems.append(f"“{entry.name}”的类型应为{'、'.join(SUPERVISED)}之一，但是“{entry.unit_type}”")
        elif entry.code in seen:
            problems.append(f"代码“{entry.code}”出现了两次")
        seen.add(entry.code)
        units.append(entry)
    if not units:
        problems.append("名单里没有单位")
    if problems:
        raise InvalidData({str(path): problems})
    return units


def _toml(path: Path) -> list[Mapping[str, Any]]:
    units = tomllib.loads(path.read_text(encoding="utf-8")).get("unit", [])
    return [unit for unit in units if unit.get("unit_type", unit.get("type")) != "机构"]


def _csv(path: Path) -> list[Mapping[str, Any]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [
            {COLUMNS.get((head or "").strip(), head): value for head, value in row.items()}
            for row in csv.DictReader(file)
        ]
