"""Keeps a case's row in step with its process variables, for lists and boards."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from supervision.case.table import Case
from supervision.organisation.units import unit_name

TEXTS = {
    "matter_type": 20,
    "identity_mode": 20,
    "reply_mode": 20,
    "category": 20,
    "conclusion": 20,
    "extract": 4000,
}
"""Variable and column of the same name → longest value."""

LISTS = ("topics", "co_units")


def mirror(session: Session, case: Case, data: Mapping[str, Any]) -> None:
    """Copies what the variables say; what they do not say stays. Who handles it is never copied."""
    for name, longest in TEXTS.items():
        if isinstance(data.get(name), str) and data[name]:
            setattr(case, name, data[name][:longest])
    for name in LISTS:
        if isinstance(data.get(name), list):
            setattr(case, name, [str(part) for part in data[name]])
    target = data.get("target_unit")
    if isinstance(target, str) and target and target != case.target_unit:
        case.target_unit, case.target_unit_name = target[:40], unit_name(session, target)[:100]
