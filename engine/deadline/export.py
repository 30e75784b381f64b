"""A due day as programs and files get it: the result in front, the proof behind it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.deadline.compute import Due
from engine.deadline.seal import sealed


def export(due: Due, about: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Keys ``key``, ``due``, ``due_at``, ``amber``, ``levels``, ``provisional``, ``proof``; days as ISO text.

    With `about` (whose period it is, plain JSON values) its entries stand in front, and in the proof.
    """
    proof = due.proof if about is None else sealed(due.proof, about)
    return {**(about or {}), **in_front(proof), "proof": proof}


def in_front(proof: Mapping[str, Any]) -> dict[str, Any]:
    """What an export says in front of its proof; the proof decides."""
    result = proof["result"]
    return {
        "key": proof["key"],
        "due": result["due_on"],
        "due_at": result["due_at"],
        "amber": result["amber_on"],
        "levels": result["levels"],
        "provisional": result["provisional"],
    }
