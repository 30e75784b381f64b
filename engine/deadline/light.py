"""红绿灯: the colour of a deadline at a moment."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal, Protocol

from engine.deadline.shanghai import date_of

Light = Literal["green", "amber", "red", "grey"]


class HasDue(Protocol):
    """A `Due`, or a stored row that carries the same columns."""

    @property
    def due_on(self) -> date: ...

    @property
    def due_at(self) -> datetime: ...

    @property
    def amber_on(self) -> date | None: ...


def light(due: HasDue, now: datetime, finished_at: datetime | None = None, suspended: bool = False) -> Light:
    """Grey while suspended; red from the first moment after the end; amber from the amber day on.

    What is finished keeps the colour of how it ended: red when late, green when in time.
    """
    if finished_at is not None:
        return "red" if finished_at >= due.due_at else "green"
    if suspended:
        return "grey"
    if now >= due.due_at:
        return "red"
    return "amber" if due.amber_on and date_of(now) >= due.amber_on else "green"
