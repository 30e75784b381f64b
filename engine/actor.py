"""Who acts: a person, the public, or the system. An argument everywhere, never a global."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Actor:
    """`roles` are pairs (role code, unit code or '' for district-wide)."""

    login: str
    name: str = ""
    roles: frozenset[tuple[str, str]] = field(default_factory=frozenset)
    kind: str = "user"
    """user, public or system."""

    def has(self, role: str, unit: str = "") -> bool:
        """Whether the actor holds `role`: district-wide, or in `unit` where one is given."""
        return (role, "") in self.roles or (bool(unit) and (role, unit) in self.roles)


SYSTEM_ACTOR = Actor("system", "系统", kind="system")
