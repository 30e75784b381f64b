"""The savepoint of a step: set only when something is about to be written that a failure must take back."""

from __future__ import annotations

from sqlalchemy.orm import Session, SessionTransaction


class Undo:
    """Of a step that fails nothing stays but its incident; a step that cannot fail half-way pays nothing."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._savepoint: SessionTransaction | None = None
        self._parts = 0

    def arm(self) -> None:
        """From here on, what is written can be taken back. Again changes nothing."""
        if self._savepoint is None:
            self._savepoint = self._session.begin_nested()

    def part(self) -> Undo:
        """A part of the step that can be taken back by itself. The first needs no savepoint of its own."""
        if self._parts == 0 and self._savepoint is not None:
            self._parts += 1
            return _First(self)
        part = Undo(self._session)
        part.arm()
        return part

    def begin_again(self) -> None:
        """Takes back what was written so far; the step goes on."""
        self.take_back()
        self._savepoint = None
        self.arm()

    def keep(self) -> None:
        """The step went well."""
        if self._savepoint is not None:
            self._savepoint.commit()

    def take_back(self) -> None:
        """The step failed."""
        if self._savepoint is not None:
            self._savepoint.rollback()


class _First(Undo):
    """Before it nothing was written: it is taken back together with nothing else."""

    def __init__(self, step: Undo) -> None:
        self._step = step

    def keep(self) -> None:
        """What it wrote is the step's."""

    def take_back(self) -> None:
        self._step.begin_again()
