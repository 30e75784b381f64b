"""The files of one post of a complaint: those it brought, and those kept from an earlier try."""

from __future__ import annotations

import uuid
from typing import Any

from flask import request
from sqlalchemy.orm import Session

from forms.fields import FileRef
from forms.held import Held, hold, recall, release
from forms.schema import FormFile, paths
from forms.uploads import Upload
from supervision.complaint import evidence


class Brought:
    """Files stay in memory until the case exists, for they are sealed with the case's own key."""

    def __init__(self, session: Session, form: FormFile) -> None:
        self.session, self.names = session, list(form.file_fields())
        ids = [file_id for name in self.names for file_id in request.form.getlist(name)]
        self.kept: dict[str, Held] = {file.id: file for file in recall(session, ids)}
        self.fresh: dict[str, Held] = {}

    def take(self, upload: Upload, field: str) -> str:
        """Takes in a file that was accepted; returns the id it has in this post."""
        file = Held(uuid.uuid4().hex, field, upload)
        self.fresh[file.id] = file
        return file.id

    def refs(self) -> dict[str, FileRef]:
        """All of them, for the form to list."""
        return {file.id: file.ref for file in (self.kept | self.fresh).values()}

    def keep(self, raw: dict[str, Any]) -> None:
        """The complaint was not filed: what is new is kept for the next try, under a lasting id."""
        renamed = {}
        for file in self.fresh.values():
            kept = hold(self.session, file.upload, file.field)
            self.kept[kept.id] = kept
            renamed[file.id] = kept.id
        self.fresh = {}
        for name in self.names:
            path = name.split(".")
            ids = paths.get(raw, path)
            if isinstance(ids, list):
                paths.put(raw, path, [renamed.get(file_id, file_id) for file_id in ids])

    def hand_over(self, clean: dict[str, Any]) -> list[evidence.Upload]:
        """Those that the checked answers name, taken out of the answers: they go to the vault."""
        files = self.kept | self.fresh
        handed = []
        for name in self.names:
            ids = paths.drop(clean, name.split("."))
            for file in (files[file_id] for file_id in (ids if isinstance(ids, list) else ())):
                content = file.upload
                handed.append(
                    evidence.Upload(file.field, content.filename, content.media_type, content.content)
                )
        return handed

    def done(self) -> None:
        """The complaint was filed: nothing is kept beside it."""
        release(self.session, list(self.kept.values()))
