"""What a bundle may refer to, as far as whoever publishes it knows."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Known:
    """Names that exist, and what they hold where that is known."""

    forms: Set[str] = frozenset()
    roles: Set[str] = frozenset()
    topics: Set[str] = frozenset()
    messages: Set[str] = frozenset()
    rules: Set[str] = frozenset()
    fields: Mapping[str, Set[str]] = field(default_factory=dict)
    """Form → variables it sets. A form that is not here may set anything."""
    answers: Mapping[str, Set[str]] = field(default_factory=dict)
    """Topic → variables its handler returns. A topic that is not here may return anything."""
    payloads: Mapping[str, Set[str]] = field(default_factory=dict)
    """Message → variables it brings. A message that is not here may bring anything."""
    received: Set[str] | None = None
    """Messages that something outside the bundle receives; None when that is not known."""
    sent: Set[str] | None = None
    """Messages that something outside the bundle sends; None when that is not known."""
    handed: Mapping[str, Set[str] | None] = field(default_factory=dict)
    """Process → variables that callers outside the bundle give it; None for any."""
