"""暂存: what was typed and not submitted, sealed as a whole.

Nobody has checked a draft: any field of it may still say who complained, also one that must not.
"""

from __future__ import annotations

import base64
from typing import Any

import orjson
from sqlalchemy.orm import Session

from engine.actor import Actor
from engine.store.tables import Task, TaskDraft
from engine.task import draft_of, save_draft
from forms.services import now, services
from supervision.identity.vault import open_bytes, seal_bytes

PLACE = "task_draft.data"


def keep(session: Session, task: Task, raw: dict[str, Any], actor: Actor) -> TaskDraft:
    """Saves `raw` for the person. Raises as `engine.task.save_draft`."""
    sealed = seal_bytes(session, services().keys, task.instance_id, PLACE, orjson.dumps(raw), now())
    data = {"sealed": base64.b64encode(sealed).decode()}
    return save_draft(session, task.id, data, actor=actor, now=now())


def recall(session: Session, task: Task, actor: Actor) -> tuple[dict[str, Any], TaskDraft | None]:
    """The person's own answers of last time, and the draft's row; empty and None without one."""
    draft = draft_of(session, task.id, actor)
    if draft is None:
        return {}, None
    sealed = base64.b64decode(draft.data["sealed"])
    content = open_bytes(session, services().keys, task.instance_id, PLACE, sealed)
    return orjson.loads(content), draft
