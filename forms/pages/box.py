"""意见箱开箱: starts the process of an opening, and lists those that were. Source: R7¶2."""

from __future__ import annotations

import secrets
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy import select

from engine.errors import Conflict
from engine.instance import start
from engine.store.tables import Task
from engine.store.tables.task import OPEN
from forms.chinese import name_of
from forms.database import acting, request_session
from forms.pages.blueprints import staff
from forms.services import now, services
from forms.signed_in import demand, person
from supervision.once import outcome_of, remember
from supervision.organisation.table import BoxOpening, Channel

WHY = "意见箱由督查室开启和登记"
PROCESS = "opinion_box"
SHOWN = 50


@staff.get("/box")
def box() -> Any:
    demand(WHY, "DCS_CLERK", "DCS_LEAD")
    session = request_session()
    rows = session.execute(
        select(BoxOpening, Channel.name)
        .outerjoin(Channel, Channel.code == BoxOpening.box_code)
        .order_by(BoxOpening.opened_at.desc(), BoxOpening.id)
        .limit(SHOWN)
    ).all()
    waiting = session.scalars(select(Task).where(Task.process_id == PROCESS, Task.status == OPEN)).all()
    openings = [
        (row, name or row.box_code, [name_of(session, who) for who in row.openers]) for row, name in rows
    ]
    return render_template("box.html", openings=openings, waiting=waiting, key=secrets.token_hex(16))


@staff.post("/box")
def box_post() -> Any:
    """An opening between the weekly ones."""
    demand(WHY, "DCS_CLERK")
    session, key = request_session(), request.form.get("_key", "")[:64]
    if outcome_of(session, key):
        raise Conflict("这次开箱已经登记，请到待办中填写开箱记录")
    with acting(session):
        instance_id = start(session, services().context, PROCESS, {}, actor=person().actor, now=now())
    remember(session, key, instance_id, now())
    session.commit()
    flash("开箱任务已建立，请在待办中填写开箱记录（至少两人开箱）。")
    return redirect(url_for("staff.inbox"), 303)
