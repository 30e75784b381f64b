"""No document rests on a repealed basis, unless 合法性审核 says why it must. Source: DOMAIN 10, rule 4."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from engine.actor import Actor
from engine.errors import NotAllowed
from supervision.basis.basis import Basis
from supervision.basis.cited import codes_of
from supervision.basis.versions import bases

LEGAL = "LEGAL"
"""合法性审核, roles.toml."""


@dataclass(frozen=True)
class Override:
    """合法性审核 lets a document cite what is repealed."""

    reason: str
    by: Actor


def repealed(session: Session, codes: Iterable[Any], today: date) -> list[Basis]:
    """Those of the cited bases that are not in force on that day; codes as `codes_of` reads them."""
    found = bases(session)
    return [found[code] for code in codes_of(codes) if code in found and not found[code].in_force(today)]


def demand_in_force(
    session: Session, codes: Iterable[Any], today: date, override: Override | None = None
) -> list[Basis]:
    """Refuses a document that cites a repealed basis; returns those that were let through by `override`.

    Whoever calls records the override with the document.

    Raises:
        NotAllowed: a cited basis is repealed, and nobody of 合法性审核 gave a reason.
    """
    gone = repealed(session, codes, today)
    if gone and not _allowed(override):
        raise NotAllowed("；".join(_sentence(session, one) for one in gone) + _WAY)
    return gone


_WAY = "。请改引现行依据，或者由合法性审核人员写明理由后准许引用"


def _allowed(override: Override | None) -> bool:
    return override is not None and bool(override.reason.strip()) and override.by.has(LEGAL)


def _sentence(session: Session, one: Basis) -> str:
    since = f"已于 {one.effective_to.isoformat()} 废止" if one.effective_to else "已经废止"
    instead = bases(session).get(one.replaced_by)
    return f"公文引用的{one.name}{since}" + (f"，现行的是{instead.name}" if instead else "")
