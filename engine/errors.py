"""Every error the engine raises, one tree.

    EngineError
    ├── DiagramError        a bundle cannot be published; carries all problems
    ├── ExpressionError     an expression is outside the allow-list, or fails
    │   └── NoValue             a variable in it has no value
    ├── StepFailed          an element failed while running: becomes an incident
    ├── BpmnError           thrown on purpose, for the error events of a diagram
    ├── TryLater            a topic's handler cannot do it now, but may later
    ├── NotFound            nothing of that name or id
    ├── NotAllowed          the actor may not do this, with the reason
    ├── InvalidData         the data given do not fit, by field
    ├── CalendarMissing     no holiday notice is on file for a year
    └── Conflict            somebody or something was first
        ├── AlreadyCompleted    the task is done, by whom and when
        ├── StaleRevision       the instance moved between load and save
        ├── Ambiguous           a message has several receivers
        └── DeadlineClosed      the deadline can no longer be moved

Messages for developers follow "Expected …, but …". What a user or process owner may read (the texts of
`Problem`, `NotAllowed`, `InvalidData`) is Chinese. Only `forms/errors.py` knows HTTP codes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Problem:
    """One thing wrong with a bundle, in words for its process owner."""

    element_id: str
    message: str
    severity: str = "error"
    file: str = ""

    def __str__(self) -> str:
        where = "/".join(part for part in (self.file, self.element_id) if part)
        return f"{where}：{self.message}" if where else self.message


class EngineError(Exception):
    """Something the engine refuses or cannot do."""


class DiagramError(EngineError):
    """The bundle cannot be published."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("；".join(str(problem) for problem in self.problems))


class ExpressionError(EngineError):
    """An expression is outside the allow-list, or failed while it was evaluated."""


class NoValue(ExpressionError):
    """A variable in an expression has no value."""


class BpmnError(EngineError):
    """A business error, thrown by a script or the handler of a topic, for the error events of the diagram.

    Uncaught there, it becomes an incident.
    """

    def __init__(self, code: str, message: str = "") -> None:
        self.code, self.message = code, message
        super().__init__(f"{code}: {message}" if message else code)


class TryLater(EngineError):
    """The handler of a topic cannot do it now (a partner is silent, a lock is held); it is asked again later.

    What the handler wrote is taken back. The message is for the administrator, in Chinese, without data.
    """


class StepFailed(EngineError):
    """An element failed while the instance ran; the step is rolled back and becomes an incident.

    `incident_id` names it once it is written.
    """

    def __init__(self, element_id: str, reason: str, data: Mapping[str, Any] | None = None) -> None:
        self.element_id, self.reason, self.data = element_id, reason, dict(data or {})
        self.incident_id = ""
        super().__init__(f"{element_id}: {reason}")


class NotFound(EngineError):
    """Nothing of that name or id."""


class NotAllowed(EngineError):
    """The actor may not do this; the message is the reason, in Chinese."""


class InvalidData(EngineError):
    """The data do not fit; `errors` maps field keys to Chinese sentences."""

    def __init__(self, errors: Mapping[str, Sequence[str]]) -> None:
        self.errors = {field: list(texts) for field, texts in errors.items()}
        super().__init__("；".join(f"{field}：{'、'.join(texts)}" for field, texts in self.errors.items()))


class CalendarMissing(EngineError):
    """No holiday notice is on file for that year, so nobody can know."""


class Conflict(EngineError):
    """Somebody or something was first."""


class AlreadyCompleted(Conflict):
    """The task is done already."""

    def __init__(self, task_id: str, by: str, at: datetime | None) -> None:
        self.task_id, self.by, self.at = task_id, by, at
        super().__init__(f"Expected user task {task_id} to be open, but {by} completed it at {at}")


class StaleRevision(Conflict):
    """The instance moved between load and save; load again and retry."""


class Ambiguous(Conflict):
    """A message has several receivers, and exactly one may get it; the message says which, in Chinese."""


class DeadlineClosed(Conflict):
    """The deadline can no longer be moved; the message says why, in Chinese."""
