"""可见范围 of a case: who handles it, who was given a task in it, and who watches over all."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import bindparam, delete, select
from sqlalchemy.orm import Session

from engine.store.base import table_of
from engine.store.prepared import Prepared
from engine.store.tables import InstanceScope
from supervision.organisation.scope import ONLOOKERS

HANDLED_BY = {
    "DCS": ("body:DCS", "body:LSG"),
    "QZB": ("body:QZB", "body:LSG"),
    "UP": ("body:UP",),
    "UNIT": ("body:DCS", "body:LSG"),
}
"""A case against 督查室 is hidden from 督查室, one against 领导小组 from both. Source: DOMAIN AV-6."""

BARRED: dict[str, tuple[str, ...]] = {
    "DCS": (),
    "QZB": ("body:DCS",),
    "UP": ("body:DCS", "body:LSG"),
    "UNIT": (),
}
"""Scopes that a case never gets, whatever a diagram says."""


_scopes = table_of(InstanceScope)
_have = Prepared(select(_scopes.c.scope).where(_scopes.c.instance_id == bindparam("of")))
_add = Prepared.insert(_scopes)


def allow(session: Session, instance_id: str, scopes: Iterable[str]) -> None:
    """Adds scopes; those already there stay."""
    have = {scope for (scope,) in _have.rows(session, of=instance_id)}
    rows = [{"instance_id": instance_id, "scope": scope} for scope in sorted(set(scopes) - have)]
    _add.many(session, rows)


def hide(session: Session, instance_id: str, scopes: Iterable[str]) -> None:
    """Takes scopes away."""
    session.execute(
        delete(InstanceScope).where(
            InstanceScope.instance_id == instance_id, InstanceScope.scope.in_(sorted(scopes))
        )
    )


def handled_by(session: Session, instance_id: str, handler: str) -> None:
    """Sets the scopes of the body that handles the case now, and takes away those of the one before."""
    for body, scopes in HANDLED_BY.items():
        if body != handler:
            hide(session, instance_id, scopes)
    hide(session, instance_id, BARRED[handler])
    allow(session, instance_id, (*HANDLED_BY[handler], *ONLOOKERS.values()))


def like(session: Session, instance_id: str, model_id: str) -> None:
    """Gives a new instance the scopes of another: an extension is seen by who sees the case."""
    scopes = _have.rows(session, of=model_id)
    _add.many(session, [{"instance_id": instance_id, "scope": scope} for (scope,) in scopes])
