"""Judges a scenario's answers by the form file, as the page would: same choices, same sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from command.play.grids import fill_grids
from command.play.stage import Stage
from engine.actor import Actor
from engine.attachment import attach
from engine.deadline.shanghai import SHANGHAI, date_of
from engine.errors import InvalidData
from engine.store.tables import Attachment
from forms.fields import FileRef
from forms.schema import FormFile
from forms.services import Services, attach_services
from forms.settings import PageSettings
from forms.sources import PageSources

NOW = "@now"
"""Stands for the moment of the step in a scenario's data."""


@dataclass(frozen=True)
class StageSources(PageSources):
    """The page's choices; files have no address here."""

    def files(self, ids: Sequence[str]) -> Sequence[FileRef]:
        """Files of this case, and those the form holds."""
        rows = self.session.scalars(
            select(Attachment).where(
                Attachment.id.in_(list(ids)), Attachment.instance_id == (self.instance_id or None)
            )
        )
        return [*(self.held[i] for i in ids if i in self.held), *(_ref(row) for row in rows)]


def judge(
    stage: Stage,
    session: Session,
    form: FormFile,
    given: Mapping[str, Any],
    *,
    case: Mapping[str, Any],
    instance_id: str,
    actor: Actor,
) -> tuple[dict[str, Any], dict[str, Any]]:
    """(process data, sealed data). Names of files become small files of the case.

    Raises:
        InvalidData: by label, with the sentences the page would show.
    """
    raw = form.initial(case, {key: _moment(stage, value) for key, value in given.items()})
    held = _take_files(stage, session, form, raw, instance_id, actor)
    sources = StageSources(session, instance_id, held, data=lambda: case)
    with page_app(stage).app_context():
        fill_grids(form, raw, sources)
        clean, errors = form.check(raw, sources=sources, today=date_of(stage.clock.at), data=case)
    if errors:
        raise InvalidData({line.label: [line.message] for line in form.summary(errors)})
    return form.split(clean)


def _take_files(
    stage: Stage, session: Session, form: FormFile, raw: dict[str, Any], instance_id: str, actor: Actor
) -> dict[str, FileRef]:
    held: dict[str, FileRef] = {}
    for name, picker in form.file_fields().items():
        names = raw.get(name)
        if not isinstance(names, list):
            continue
        raw[name] = []
        for filename in names:
            row = attach(
                session, f"情景演练的附件：{filename}".encode(), filename=filename,
                media_type="text/plain", field=picker.key, actor=actor, now=stage.clock.at,
                instance_id=instance_id or None,
            )  # fmt: skip
            held[row.id] = _ref(row)
            raw[name].append(row.id)
    return held


def _ref(row: Attachment) -> FileRef:
    return FileRef(row.id, row.filename, row.size_bytes)


def _moment(stage: Stage, value: Any) -> Any:
    return stage.clock.at.astimezone(SHANGHAI).strftime("%Y-%m-%dT%H:%M") if value == NOW else value


def page_app(stage: Stage) -> Flask:
    """The forms ask the running app for the clock: this one has nothing else."""
    app = Flask("ducha-scenario")
    system = stage.system
    attach_services(app, Services(PageSettings(b""), stage.clock, system.context, system.keys))
    return app
