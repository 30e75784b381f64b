"""附件暂存: files of a complaint that could not be filed yet, kept so that nobody has to choose them again.

They lie encrypted with a key that only the person's cookie holds: the database alone cannot open them, and
nobody else can refer to them. What was not filed within two hours is deleted.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

import orjson
from flask import session as cookie
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from engine.actor import Actor
from engine.attachment import attach, content_of, remove
from engine.errors import NotAllowed
from engine.store.tables import Attachment
from forms.database import acting
from forms.fields import FileRef
from forms.services import now
from forms.uploads import Upload
from supervision.identity import cipher

NAME = "held"
KEPT = timedelta(hours=2)
NOBODY = Actor("public", kind="public")
PLACE = "held.file"


@dataclass(frozen=True)
class Held:
    """A file of this browser."""

    id: str
    field: str
    upload: Upload

    @property
    def ref(self) -> FileRef:
        """As the form lists it."""
        return FileRef(self.id, self.upload.filename, self.upload.size_bytes)


def hold(session: Session, upload: Upload, field: str) -> Held:
    """Keeps a file; the row says neither its name nor its kind."""
    head = orjson.dumps([field, upload.filename, upload.media_type])
    plain = len(head).to_bytes(4, "big") + head + upload.content
    with acting(session):
        _forget_old(session)
        row = attach(
            session, cipher.seal(_key(), plain, PLACE), filename=NAME, media_type="application/octet-stream",
            field=NAME, actor=NOBODY, now=now(), sealed=True,
        )  # fmt: skip
    return Held(row.id, field, upload)


def recall(session: Session, ids: Iterable[str]) -> list[Held]:
    """Those of the files that this browser put there and that are still kept."""
    wanted = list(dict.fromkeys(ids))
    if not wanted or NAME not in cookie:
        return []
    with acting(session):
        rows = session.scalars(_kept().where(Attachment.id.in_(wanted))).all()
        return [found for row in rows if (found := _open(session, row))]


def release(session: Session, held: Sequence[Held]) -> None:
    """Deletes them: they lie sealed with the case now."""
    with acting(session):
        for file in held:
            remove(session, file.id)
    cookie.pop(NAME, None)


def _open(session: Session, row: Attachment) -> Held | None:
    try:
        plain = cipher.unseal(_key(), content_of(session, row.id)[1], PLACE)
    except NotAllowed:
        return None  # another browser's
    length = int.from_bytes(plain[:4], "big")
    field, filename, media_type = orjson.loads(plain[4 : 4 + length])
    content = plain[4 + length :]
    digest = hashlib.sha256(content).hexdigest()
    return Held(row.id, field, Upload(filename, media_type, len(content), digest, content))


def _key() -> bytes:
    if NAME not in cookie:
        cookie[NAME] = base64.b64encode(secrets.token_bytes(32)).decode()
    return base64.b64decode(cookie[NAME])


def _forget_old(session: Session) -> None:
    for row in session.scalars(_kept().where(Attachment.added_at < now() - KEPT)).all():
        remove(session, row.id)


def _kept() -> Select[Attachment]:
    return select(Attachment).where(Attachment.instance_id.is_(None), Attachment.field == NAME)
