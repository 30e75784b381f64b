"""Looks 整改 up by its number, by its instance."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.errors import NotFound
from supervision.rectification.table import Rectification


def by_number(session: Session, rect_no: str) -> Rectification | None:
    """The 整改 of that number, if it is visible."""
    return session.scalars(
        select(Rectification).where(Rectification.rect_no == rect_no.strip().upper())
    ).first()


def of_instance(session: Session, instance_id: str) -> Rectification | None:
    """The 整改 an instance is, if it is one."""
    return session.scalars(select(Rectification).where(Rectification.instance_id == instance_id)).first()


def demand(session: Session, instance_id: str) -> Rectification:
    """The 整改 an instance is. Raises NotFound when it was not opened yet."""
    found = of_instance(session, instance_id)
    if found is None:
        raise NotFound(f"Expected a 整改 of instance {instance_id}, but there is none")
    return found
