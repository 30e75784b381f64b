"""Which files of a case a person may open: one rule for the list and for the download."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from engine.store.tables import Attachment, Task
from forms.pages.case.access import Sight


def files_seen(session: Session, instance_id: str, sight: Sight, login: str) -> Sequence[Attachment]:
    """Files of tasks that are done, and one's own of a task that is not; a unit sees those of its tasks only.

    The complainant's files are sealed and never here: the identity page opens them.
    """
    query = (
        select(Attachment)
        .outerjoin(Task, Task.id == Attachment.task_id)
        .where(
            Attachment.instance_id == instance_id,
            Attachment.sealed.is_(False),
            or_(Task.id.is_(None), Task.status != "open", Attachment.added_by == login),
        )
        .order_by(Attachment.added_at, Attachment.id)
    )
    if sight.as_unit:
        query = query.where(Task.unit_code.in_([scope.removeprefix("unit:") for scope in sight.scopes]))
    return session.scalars(query).all()
