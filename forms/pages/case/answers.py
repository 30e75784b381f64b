"""What was answered in the tasks of a case, in words, for whoever works on it afterwards.

A unit reads its own people's answers only; what says who complained was never among the answers.
"""

from __future__ import annotations

from collections.abc import Mapping

import orjson
from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.store.tables import HistoryEntry, HistoryPayload, Instance, Task
from forms.form_files import form_of
from forms.pages.case.access import Sight
from forms.schema import render_answers
from forms.signed_in import Person
from forms.sources import PageSources


def answers_of(session: Session, instance: Instance, sight: Sight, reader: Person) -> Mapping[int, Markup]:
    """The answers of each finished task that has a form, by the `seq` of its entry in the chain."""
    rows = session.execute(
        select(HistoryEntry.seq, HistoryPayload.content, Task)
        .join(
            HistoryPayload,
            (HistoryPayload.chain == HistoryEntry.chain) & (HistoryPayload.seq == HistoryEntry.seq),
        )
        .join(Task, Task.id == HistoryEntry.task_id)
        .where(
            HistoryEntry.chain == instance.id,
            HistoryEntry.kind == "task.completed",
            HistoryPayload.sealed.is_(False),
        )
    ).all()
    sources = PageSources(session, instance.id)
    return {
        seq: render_answers(
            form_of(session, instance.definition_id, task.form),
            orjson.loads(content),
            sources,
            given_only=True,
        )
        for seq, content, task in rows
        if task.form and content and (not sight.as_unit or task.unit_code in reader.units)
    }
