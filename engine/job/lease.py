"""A named lease: one pump per database file; a second one is refused until the first is silent."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import insert, or_, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from engine.store.base import table_of
from engine.store.tables import Lease

_leases = table_of(Lease)


def take_lease(session: Session, name: str, *, owner: str, seconds: float, now: datetime) -> bool:
    """Takes or renews the lease; false while somebody else holds it."""
    until = now + timedelta(seconds=seconds)
    renewed = session.execute(
        update(_leases)
        .where(_leases.c.name == name, or_(_leases.c.owner == owner, _leases.c.until <= now))
        .values(owner=owner, until=until)
    )
    if renewed.rowcount == 1:  # type: ignore[attr-defined]
        return True
    try:
        with session.begin_nested():
            session.execute(insert(_leases).values(name=name, owner=owner, until=until))
    except IntegrityError:
        return False
    return True


def drop_lease(session: Session, name: str, *, owner: str, now: datetime) -> None:
    """Ends one's own lease, so that the next need not wait for it to run out."""
    session.execute(update(_leases).where(_leases.c.name == name, _leases.c.owner == owner).values(until=now))
