"""Files of the complainant: sealed before they are stored, listed without being opened."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath

from sqlalchemy.orm import Session

from engine.actor import Actor
from engine.attachment import store
from supervision.identity.key import Keys
from supervision.identity.vault import seal_bytes

PLACE = "blob.content"


@dataclass(frozen=True)
class Upload:
    """A file that was checked already: its size, kind and number."""

    field: str
    filename: str
    media_type: str
    content: bytes


def keep_uploads(
    session: Session,
    keys: Keys,
    instance_id: str,
    uploads: Sequence[Upload],
    *,
    actor: Actor,
    now: datetime,
) -> list[str]:
    """Stores the files sealed; returns their ids.

    Their own names are not kept, for people put names into them: lists show 证据1, 证据2 …
    """
    before = len(store.of_instance(session, instance_id, sealed=True))
    ids = []
    for place, upload in enumerate(uploads, before + 1):
        content = seal_bytes(session, keys, instance_id, PLACE, upload.content, now)
        row = store.attach(
            session,
            content,
            filename=f"证据{place}{_suffix(upload.filename)}",
            media_type=upload.media_type,
            field=upload.field,
            actor=actor,
            now=now,
            instance_id=instance_id,
            sealed=True,
            size_bytes=len(upload.content),
        )
        ids.append(row.id)
    return ids


def _suffix(filename: str) -> str:
    suffix = PurePath(filename).suffix.lower()
    return suffix if re.fullmatch(r"\.[a-z0-9]{1,5}", suffix) else ""
