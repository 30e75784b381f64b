"""PostgreSQL is sent what needs no answer without waiting for one: a third of the journeys of a step.

A connection is in pipeline mode from the first such statement (`Prepared.send`) until something else uses it:
then everything that was sent is answered, and its errors are raised there.
"""

from __future__ import annotations

from typing import Any

OPEN = "pipeline"
"""Where a pooled connection's own notes keep its open pipeline."""


def begin(driver: Any, notes: dict[str, Any]) -> None:
    """Puts the connection into pipeline mode, if it is not."""
    if OPEN not in notes:
        pipeline = driver.pipeline()
        pipeline.__enter__()
        notes[OPEN] = pipeline


def end(notes: dict[str, Any]) -> None:
    """Waits for every answer. Raises the driver's error of the first statement that failed."""
    if (pipeline := notes.pop(OPEN, None)) is not None:
        pipeline.__exit__(None, None, None)
