"""暂存: what was typed and not submitted. What says who complained is sealed before it is kept."""

from __future__ import annotations

import base64
from typing import Any

import orjson
from sqlalchemy.orm import Session

from engine.actor import Actor
from engine.store.tables import Task, TaskDraft
from engine.task import draft_of, save_draft
from forms.schema import FormFile
from forms.services import now, services
from supervision.identity.vault import open_bytes, seal_bytes

PLACE = "task_draft.data"


def keep(session: Session, task: Task, form: FormFile, raw: dict[str, Any], actor: Actor) -> TaskDraft:
    """Saves `raw` for the person. Raises as `engine.task.save_draft`."""
    open_part, sealed_part = form.split(raw)
    data: dict[str, Any] = {"answers": open_part}
    if any(value not in (None, "", [], {}) for value in sealed_part.values()):
        content = orjson.dumps(sealed_part)
        sealed = seal_bytes(session, services().keys, task.instance_id, PLACE, content, now())
        data["sealed"] = base64.b64encode(sealed).decode()
    return save_draft(session, task.id, data, actor=actor, now=now())


def recall(session: Session, task: Task, actor: Actor) -> tuple[dict[str, Any], TaskDraft | None]:
    """The person's own answers of last time, and the draft's row; empty and None without one."""
    draft = draft_of(session, task.id, actor)
    if draft is None:
        return {}, None
    answers = dict(draft.data.get("answers") or {})
    if sealed := draft.data.get("sealed"):
        content = open_bytes(session, services().keys, task.instance_id, PLACE, base64.b64decode(sealed))
        answers |= orjson.loads(content)
    return answers, draft
