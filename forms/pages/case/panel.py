"""Everything a page shows about a case beside its own business: for the case page and the task page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import orjson
from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.definition import definition
from engine.instance import Context, calls, progress
from engine.store.tables import Attachment, Definition, Instance, Task, TaskCandidate
from forms.chinese import name_of
from forms.database import acting
from forms.pages.case.access import Sight
from forms.pages.case.answers import answers_of
from forms.pages.case.attached import files_seen
from forms.pages.case.deadlines import DeadlineLine, deadlines_of
from forms.pages.case.timeline import Happened, open_steps, timeline
from forms.signed_in import Person
from supervision.accountability.award import AwardBar, bars_of
from supervision.case.find import related_case
from supervision.case.table import Case
from supervision.document.table import Document
from supervision.notice.naming import number_of
from supervision.organisation.grants import role_label
from supervision.organisation.units import unit_name


@dataclass(frozen=True)
class Waiting:
    """An open step and who has it, in words."""

    task: Task
    who: str


@dataclass(frozen=True)
class Panel:
    """A case as a person may see it."""

    instance: Instance
    case: Case | None
    version: Definition
    title: str
    number: str
    """'' for what has no number that people know."""
    lead_unit: str
    deadlines: Sequence[DeadlineLine]
    waiting: Sequence[Waiting]
    happened: Sequence[Happened]
    answers: Mapping[int, Markup]
    """What was filled in, by the `seq` of the line in `happened`."""
    documents: Sequence[Document]
    attachments: Sequence[Attachment]
    award_bars: Sequence[AwardBar]
    """Awards that this case barred, and whether a 复核 restored them."""
    state_json: str
    """For the diagram: ``{"current": [ids], "done": [ids]}``."""


def panel(
    session: Session, context: Context, instance: Instance, sight: Sight, reader: Person, now: datetime
) -> Panel:
    """Reads through the session's eyes; what is sealed is not here at all.

    An extension shows the case that it is about, with the periods and documents of that.
    """
    case = related_case(session, instance, {})
    about = case.instance_id if case else instance.id
    place = progress(session, instance.id)
    with acting(session):  # the state lies beside the case, in nobody's scope
        called = calls(session, context, instance, now)
    labels = {name: declared.label for name, declared in context.messages.items() if declared.label}
    number = case.number if case else number_of(instance.business_key)
    return Panel(
        instance=instance,
        case=case,
        version=definition(session, instance.definition_id),
        title=(instance.title.replace(number, "").strip() if number else "") or instance.title,
        number=number,
        lead_unit=unit_name(session, case.lead_unit) if case else "",
        deadlines=deadlines_of(session, context, about, reader.actor, now),
        waiting=[Waiting(task, who_has(session, task)) for task in open_steps(session, instance.id)],
        happened=timeline(session, instance.id, labels),
        answers=answers_of(session, instance, sight, reader),
        documents=_documents(session, about, sight),
        attachments=files_seen(session, about, sight, reader.account.login),
        award_bars=bars_of(session, about),
        state_json=orjson.dumps({"current": [*place.current, *called], "done": place.done}).decode(),
    )


def who_has(session: Session, task: Task) -> str:
    """The person who claimed it, else the roles that may."""
    if task.assignee:
        return name_of(session, task.assignee)
    rows = session.scalars(
        select(TaskCandidate).where(TaskCandidate.task_id == task.id).order_by(TaskCandidate.value)
    )
    words = [
        f"{unit_name(session, row.unit_code)}{role_label(session, row.value)}"
        if row.kind == "role"
        else name_of(session, row.value)
        for row in rows
    ]
    return "、".join(dict.fromkeys(words)) + "（待签收）" if words else "待分派"


def _documents(session: Session, instance_id: str, sight: Sight) -> Sequence[Document]:
    """A unit sees documents once they are issued; drafts are the business of the body that writes them."""
    query = select(Document).where(Document.instance_id == instance_id).order_by(Document.drafted_at)
    return session.scalars(query.where(Document.status == "issued") if sight.as_unit else query).all()
