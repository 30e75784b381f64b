"""The service topic of 公开发布."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from engine.deadline.shanghai import date_of
from engine.instance.context import Handler, ServiceCall
from supervision.case.find import case_of
from supervision.house import House
from supervision.publication.desk import publish_result, withhold_result
from supervision.yes import is_no

TEXTS = ("redacted_text", "publish_text")
"""Variables that may hold the text, the one that was looked over last first."""


def topics(house: House) -> dict[str, Handler]:
    """Topic → handler."""
    return {"publication.publish": partial(publish, house)}


def publish(house: House, session: Session, call: ServiceCall, now: datetime) -> Mapping[str, Any]:
    """Reads redacted_text or publish_text, publish_title, channels, url, published_on; publish,
    secrecy_result and nonpub_ground say whether it is published at all.

    Returns publication_id, published_on ('' where it is not published), publish.
    """
    data, case = call.data, case_of(session, call.instance_id)
    if data.get("secrecy_result") == "不予公开" or is_no(data.get("publish")):
        ground = str(data.get("nonpub_ground") or "")
        row = withhold_result(session, case, ground, field="nonpub_ground", actor=call.actor, now=now)
        return {"publication_id": row.id, "published_on": "", "publish": False}
    field = next((name for name in TEXTS if data.get(name)), TEXTS[0])
    given = str(data.get("published_on") or "")[:10]
    row = publish_result(
        session, house.keys, case, str(data.get(field) or ""), field=field,
        title=str(data.get("publish_title") or ""), channels=_list(data.get("channels")),
        url=str(data.get("url") or "")[:300],
        published_on=date.fromisoformat(given) if given else date_of(now), actor=call.actor, now=now,
    )  # fmt: skip
    on = row.published_on.isoformat() if row.published_on else ""
    return {"publication_id": row.id, "published_on": on, "publish": True}


def _list(value: Any) -> list[str]:
    return [str(part) for part in value] if isinstance(value, list) else [str(value)] if value else []
