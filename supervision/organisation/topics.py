"""The service topic of 意见箱开箱."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import Session

from engine.deadline.shanghai import SHANGHAI
from engine.instance.context import Handler, ServiceCall
from supervision.organisation.table import BoxOpening


def topics() -> dict[str, Handler]:
    """Topic → handler."""
    return {"channel.box_opened": box_opened}


def box_opened(session: Session, call: ServiceCall, now: datetime) -> Mapping[str, Any]:
    """Reads box_id, opened_at, openers, count (0 is recorded too). Returns opening_id."""
    openers = call.data.get("openers") or []
    row = BoxOpening(
        id=uuid.uuid4().hex,
        box_code=str(call.data.get("box_id") or ""),
        opened_at=_instant(call.data.get("opened_at"), now),
        openers=[str(login) for login in openers] if isinstance(openers, list) else [str(openers)],
        count=int(call.data.get("count") or 0),
        instance_id=call.instance_id,
        recorded_by=call.actor.login,
    )
    session.add(row)
    session.flush()
    return {"opening_id": row.id}


def _instant(value: Any, now: datetime) -> datetime:
    """A form's date and time come without zone: they are the district's own."""
    if not value:
        return now
    given = datetime.fromisoformat(str(value))
    return (given if given.tzinfo else given.replace(tzinfo=SHANGHAI)).astimezone(UTC)
