"""The savepoint of a step: set only when something is about to be written that a failure must take back."""

from __future__ import annotations

from sqlalchemy.orm import Session, SessionTransaction


class Undo:
    """Of a step that fails nothing stays but its incident; a step that cannot fail half-way pays nothing."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._savepoint: SessionTransaction | None = None

    def arm(self) -> None:
        """From here on, what is written can be taken back. Again changes nothing."""
        if self._savepoint is None:
            self._savepoint = self._session.begin_nested()

    def keep(self) -> None:
        """The step went well."""
        if self._savepoint is not None:
            self._savepoint.commit()

    def take_back(self) -> None:
        """The step failed."""
        if self._savepoint is not None:
            self._savepoint.rollback()
