"""代录投诉: what came by telephone, in person, by letter, from a box or another body, entered by a clerk."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import abort, render_template, request

from forms.database import request_session
from forms.pages.blueprints import staff
from forms.pages.filing import blank_page, complaint_form, file_complaint
from forms.pages.navigation import CLERKS
from forms.signed_in import demand, person

FORM = "F-CP-1-clerk"
TEMPLATE = "intake.html"
WHY = "代录投诉由经办人办理"


@dataclass(frozen=True)
class Way:
    """How it came: the diagram's start event, the channel it means, and what to do beside entering it."""

    start_event: str
    label: str
    icon: str
    channel: str
    advice: str


WAYS = {
    "phone": Way("st_phone", "电话", "phone", "电话", "边听边录，录完向来电人回读一遍，再告知编号和查询码。"),
    "visit": Way("st_visit", "来访", "user", "来访", "多人来访的，登记推选的代表，不超过五人。"),
    "letter": Way("st_letter", "来信", "mail", "来信", "原信扫描后作为证据附上，信封一并保存。"),
    "box": Way("st_box", "意见箱", "box", "意见箱", "先登记开箱，再逐件录入；信件原件扫描附上。"),
    "message": Way("st_msg", "转来", "send", "", "12345、信访、上级、媒体转来的，请选择来源渠道。"),
}


@staff.get("/new")
def intake() -> Any:
    demand(WHY, *CLERKS)
    return render_template("intake_ways.html", ways=WAYS)


@staff.get("/new/<way>")
def intake_form(way: str) -> Any:
    demand(WHY, *CLERKS)
    session, came = request_session(), _way(way)
    form = complaint_form(session, FORM)
    values = form.initial({"channel": came.channel})
    if came.channel:
        values["channel"] = came.channel
    return blank_page(TEMPLATE, form, session, values, way=came)


@staff.post("/new/<way>")
def intake_post(way: str) -> Any:
    demand(WHY, *CLERKS)
    session, came = request_session(), _way(way)
    form = complaint_form(session, FORM)
    changed = form.rows_changed(request.form)
    if changed is not None:
        return blank_page(TEMPLATE, form, session, changed, way=came)
    return file_complaint(session, form, TEMPLATE, person().actor, came.start_event, way=came, clerk=True)


def _way(name: str) -> Way:
    if name not in WAYS:
        abort(404)
    return WAYS[name]
