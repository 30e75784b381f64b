"""Service topic of 归档, at the end of a case's diagram."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from engine.deadline.shanghai import date_of
from engine.instance.context import Handler, ServiceCall
from supervision.archive.archive import archive
from supervision.case.find import find_case
from supervision.house import House


def topics(house: House) -> dict[str, Handler]:
    """Topic → handler."""
    return {"case.archive": partial(archive_case, house)}


def archive_case(house: House, session: Session, call: ServiceCall, now: datetime) -> Mapping[str, Any]:
    """归档 of this process's case, once it is closed. Returns archived_on; '' where it is none."""
    case = find_case(session, call.instance_id)
    if case is None:
        return {"archived_on": ""}
    archive(session, house.templates.folder, case, actor=call.actor, now=now)
    return {"archived_on": date_of(now).isoformat()}
