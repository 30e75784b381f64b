"""Draws a task: the form when it is the person's to do, else who has it."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from flask import redirect, render_template, url_for

from engine.store.tables import Deadline, Task
from forms.chinese import name_of
from forms.database import request_session
from forms.due import due_view
from forms.pages.blueprints import staff
from forms.pages.case.access import open_case
from forms.pages.case.panel import panel
from forms.pages.task.declaration import awaits_declaration
from forms.pages.task.drafts import recall
from forms.pages.task.load import Work, is_mine, load_work, task_row
from forms.schema import render_form
from forms.security import island_page
from forms.services import now, services, today
from forms.signed_in import person
from forms.sources import PageSources
from supervision.case.open import COMPLAINT
from supervision.identity.access import refusal


@staff.get("/task/<task_id>")
def task(task_id: str) -> Any:
    session, actor = request_session(), person().actor
    row = task_row(session, task_id)
    if row.status != "open" or not is_mine(session, row, actor):
        return _closed(row)
    work = load_work(session, row)
    if awaits_declaration(session, work):
        return redirect(url_for("staff.declaration", task_id=task_id))
    values, draft = recall(session, row, actor)
    return show(work, values=values, draft_at=draft.saved_at if draft else None)


def show(
    work: Work,
    *,
    values: Mapping[str, Any],
    errors: Mapping[str, str] | None = None,
    refused: Sequence[str] = (),
    draft_at: Any = None,
    asked: Mapping[str, str] | None = None,
) -> str:
    """The task's page; `values` are the draft's or the failed post's.

    `refused` are reasons why the step was not done, shown above the form; `asked` is an extension that was
    refused, to be corrected.
    """
    session = request_session()
    _, sight = open_case(session, work.instance.id, person())
    deadline = session.get(Deadline, work.task.deadline_id) if work.task.deadline_id else None
    calendar = services().context.calendar(session)
    island_page()
    drawn = work.form.initial(work.data, values)
    return render_template(
        "task.html",
        work=work,
        fields=render_form(
            work.form,
            drawn,
            errors or {},
            PageSources(session, work.instance.id, data=lambda: work.data),
            today(),
        ),
        summary_lines=work.form.summary(errors or {}),
        refused=refused,
        asked=asked or {},
        key=secrets.token_hex(16),
        draft_at=draft_at,
        draft_url=url_for("staff.task_draft", task_id=work.task.id),
        due=due_view(work.task, calendar, now(), start_on=deadline.start_on if deadline else None),
        panel=panel(session, services().context, work.instance, sight, person(), now()),
        mine=work.task.assignee == person().actor.login,
        may_know=_may_know(work),
    )


def _may_know(work: Work) -> bool:
    """Whether the person may open who complained: only a complaint has somebody who did."""
    case = work.case
    return case is not None and case.kind == COMPLAINT and not refusal(case, person().actor)


def _closed(row: Task) -> str:
    """A task that is done, cancelled or somebody else's: who, when, and the way on."""
    session = request_session()
    open_case(session, row.instance_id, person())
    by = name_of(session, row.completed_by or row.assignee or "")
    return render_template("task_closed.html", task=row, by=by)
