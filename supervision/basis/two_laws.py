"""从旧兼从轻: which version governs the procedure of a decision, and which its substance.

Source: R15; DOMAIN 10, design rule 2, modelled on S:ZWCF art.67.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from supervision.basis.basis import Basis


@dataclass(frozen=True)
class TwoLaws:
    """What a decision prints: one basis for how it was made, one for what it says."""

    procedure: Basis | None
    substance: Basis | None
    lighter: bool
    """Whether the substance is that of the decision's day because it is lighter."""

    @property
    def words(self) -> str:
        """As 问责决定书 prints it; '' where no version is known."""
        if self.procedure is None or self.substance is None:
            return ""
        why = "新的规定较轻，从新" if self.lighter else "行为发生时的规定"
        return f"程序适用{self.procedure.name}；实体适用{self.substance.name}（{why}）"


def two_laws(versions: Sequence[Basis], act: date, decision: date, *, newer_is_lighter: bool) -> TwoLaws:
    """The versions that hold for an act and a decision of these days.

    Procedure follows the version in force at the decision; substance that of the act, unless the newer one is
    lighter, which a person judges (`newer_is_lighter`). A version without a first day holds from ever.
    """
    then, today = version_on(versions, act), version_on(versions, decision)
    lighter = newer_is_lighter and today is not None and today != then
    return TwoLaws(today, today if lighter else then, lighter)


def version_on(versions: Sequence[Basis], on: date) -> Basis | None:
    """The newest of the versions that is in force on that day, None before the first."""
    held = [
        one
        for one in versions
        if (one.effective_from or date.min) <= on and (one.effective_to is None or on <= one.effective_to)
    ]
    return max(held, key=lambda one: one.effective_from or date.min, default=None)
