"""Whether a person may open a case, and in whose name: lists are wider than contents."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.errors import NotAllowed, NotFound
from engine.store.tables import Instance, InstanceScope
from engine.store.visibility import Viewer

LISTS_ONLY = frozenset({"board:all"})
"""Scopes that show a case in lists and boards, not its contents."""

SCOPE_WORDS = {
    "body": {"DCS": "督查室", "QZB": "区政府办公室", "LSG": "领导小组", "UP": "上级机关联络"},
    "audit": {"all": "审计（不含身份信息）"},
    "board": {"all": "监看（只见列表）"},
}  # fmt: skip


@dataclass(frozen=True)
class Sight:
    """How a person sees a case."""

    scopes: frozenset[str]
    """Scopes the person and the case share."""

    @property
    def as_unit(self) -> bool:
        """Only as the unit that handles it: others' answers and the original text stay closed."""
        return all(scope.startswith("unit:") for scope in self.scopes)


class Looker(Protocol):
    """Whoever looks: a person at a page, or a program in a person's name."""

    @property
    def viewer(self) -> Viewer: ...


def open_case(session: Session, instance_id: str, person: Looker) -> tuple[Instance, Sight]:
    """The instance and how the person sees it.

    Raises:
        NotFound: not there, or not visible. NotAllowed: visible in lists only.
    """
    instance = session.scalars(select(Instance).where(Instance.id == instance_id)).first()
    if instance is None:
        raise NotFound(f"Expected a case {instance_id}, but there is none")
    shared = frozenset(scopes_of(session, instance_id)) & person.viewer.scopes
    if not shared - LISTS_ONLY:
        raise NotAllowed("您可以在列表里看到这个案件的进度，但不能打开它的内容")
    return instance, Sight(shared - LISTS_ONLY)


def scopes_of(session: Session, instance_id: str) -> list[str]:
    """Everybody's scopes of a case."""
    query = select(InstanceScope.scope).where(InstanceScope.instance_id == instance_id)
    return list(session.scalars(query.order_by(InstanceScope.scope)))
