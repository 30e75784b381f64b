"""是与否: the answer of a form's radio button, whichever way it was stored."""

from __future__ import annotations

from typing import Any


def is_yes(value: Any) -> bool:
    """Whether somebody said 是."""
    return value is True or value in ("true", "是")


def is_no(value: Any) -> bool:
    """Whether somebody said 否; no answer is neither."""
    return value is False or value in ("false", "否")
