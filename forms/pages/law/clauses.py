"""The page 条款对照: every clause, what implements it, and from a node, a document or a rule back to it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import render_template

from forms.pages.blueprints import staff
from forms.pages.law.found import DRAWN, READERS, WHY, address, coverage
from forms.signed_in import demand
from supervision.basis.uses import Use


@staff.get("/clauses")
def clauses() -> Any:
    """条款对照：每一条由什么落实."""
    demand(WHY, *READERS)
    found = coverage()
    return render_template(
        "clauses.html",
        items=[(item, _grouped(item.uses)) for item in found.items],
        required=[(item, _grouped(item.uses)) for item in found.required],
        uncovered=set(found.uncovered), unproved=found.unproved, unknown=found.unknown, drawn=DRAWN,
    )  # fmt: skip


def _grouped(uses: Iterable[Use]) -> dict[str, list[tuple[Use, str]]]:
    """Kind → uses with their addresses."""
    found: dict[str, list[tuple[Use, str]]] = {}
    for use in uses:
        found.setdefault(use.kind, []).append((use, address(use)))
    return found
