"""Turns an account into who acts and what those eyes may see."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from engine.actor import Actor
from engine.deadline.shanghai import date_of
from engine.store.visibility import Viewer
from supervision.account.table import Account
from supervision.organisation.grants import roles_of
from supervision.organisation.scope import ONLOOKERS, scope_of

PARTIES = ("DCS_", "LSG_", "U_")
"""Who may be complained about does not gain sight of everything by also being 监看 or 审计 (AV-6)."""


def actor_of(session: Session, account: Account, now: datetime) -> Actor:
    """The person with the roles held today."""
    return Actor(account.login, account.name, roles_of(session, account.login, date_of(now)))


def viewer_of_actor(actor: Actor) -> Viewer:
    """The scopes of the actor's roles. No role, no case."""
    scopes = (_scope(role, unit, actor) for role, unit in actor.roles)
    return Viewer(frozenset(scope for scope in scopes if scope))


def _scope(role: str, unit: str, actor: Actor) -> str | None:
    if role in ONLOOKERS and any(other.startswith(PARTIES) for other, _ in actor.roles):
        return None
    return scope_of(role, unit)
