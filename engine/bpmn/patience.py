"""How often and when a service task is served again: camunda:failedJobRetryTimeCycle, or property `retry`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from engine.bpmn.iso import Duration, cycle, duration
from engine.errors import ExpressionError

DEFAULT = tuple(Duration(0, timedelta(minutes=minutes)) for minutes in (1, 5, 25))
"""Waits before the second, third and fourth try."""
RETRY = "retry"
ASYNC = "async"
MOST = 100


def waits_of(text: str) -> Sequence[Duration]:
    """``R3/PT10M`` as three waits of ten minutes, ``PT1M,PT5M,PT25M`` as these three.

    Raises:
        ExpressionError: it is neither, or says more than `MOST` tries.
    """
    if "/" in text:
        times, wait = cycle(text)
        if times is None or times > MOST:
            raise ExpressionError(f"重试应写明次数且不超过 {MOST} 次，例如 R3/PT10M，但是“{text}”")
        return (wait,) * times
    return tuple(duration(part) for part in text.split(",")[:MOST])


def next_try(properties: Mapping[str, str], tries: int, now: datetime) -> datetime | None:
    """When a task whose handler has asked for patience `tries` times is served again; None: no more.

    Raises:
        ExpressionError: the diagram's retry is not readable.
    """
    text = properties.get(RETRY, "").strip()
    waits = waits_of(text) if text else DEFAULT
    return waits[tries].after(now) if tries < len(waits) else None


def waits_first(properties: Mapping[str, str]) -> bool:
    """Whether a task is left to a job at once, so that whoever got there need not wait for its handler."""
    return properties.get(ASYNC, "").strip().lower() == "true"
