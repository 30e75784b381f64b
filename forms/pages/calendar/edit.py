"""The form of a year: typed in or uploaded, its effect shown, then saved. Nothing is saved before that."""

from __future__ import annotations

import secrets
from typing import Any

from flask import flash, redirect, render_template, request, url_for

from engine.deadline.calendar_text import HolidayRow, rows_of, write_year
from engine.errors import Conflict, InvalidData, StepFailed
from forms.chinese import name_of
from forms.database import acting, request_session
from forms.pages.blueprints import staff
from forms.pages.calendar.views import KEEPERS, WHY, check_year
from forms.services import now, services, today
from forms.signed_in import demand, person
from supervision.deadlines.calendars import load_year, preview
from supervision.deadlines.versions import newest_calendar
from supervision.once import outcome_of, remember

SPARE_ROWS, LEAST_ROWS, MOST_ROWS = 2, 8, 30
LONGEST_REASON, LARGEST_FILE = 300, 64 * 1024
USUAL = ("元旦", "春节", "清明节", "劳动节", "端午节", "中秋节", "国庆节")
"""Names offered for a year without notice."""


@staff.get("/calendar/<int:year>/edit")
def calendar_edit(year: int) -> Any:
    demand(WHY, *KEEPERS)
    check_year(year)
    text = newest_calendar(request_session()).get(year)
    if text:
        title, number, rows = rows_of(text)
    else:
        title, number = f"国务院办公厅关于{year}年部分节假日安排的通知", ""
        rows = [HolidayRow(name, "", "", "") for name in USUAL]
    return _form(year, {"notice": title, "number": number}, rows, {})


@staff.post("/calendar/<int:year>/edit")
def calendar_edit_post(year: int) -> Any:
    """Shows what saving would move."""
    demand(WHY, *KEEPERS)
    check_year(year)
    session, reason = request_session(), request.form.get("reason", "").strip()[:LONGEST_REASON]
    rows = _rows()
    try:
        text = uploaded(LARGEST_FILE) or write_year(
            year, request.form.get("notice", ""), request.form.get("number", ""), rows,
            f"{today()} 由 {person().account.name} 录入：{reason}",
        )  # fmt: skip
        if not reason:
            raise InvalidData({"reason": ["请写明修改的理由，例如所依据的通知。"]})
        with acting(session):
            effects, certain = preview(session, services().context, year, text, now())
    except InvalidData as wrong:
        return _form(year, request.form, rows, wrong.errors), 422
    names = {login: name_of(session, login) for effect in effects for login in effect.people}
    return render_template(
        "calendar_effect.html", year=year, text=text, reason=reason, effects=effects, certain=certain,
        names=names, key=secrets.token_hex(16),
    )  # fmt: skip


@staff.post("/calendar/<int:year>")
def calendar_year_post(year: int) -> Any:
    demand(WHY, *KEEPERS)
    check_year(year)
    session, key = request_session(), request.form.get("_key", "")[:64]
    back = redirect(url_for("staff.calendar_year", year=year), 303)
    if outcome_of(session, key):
        return back
    text = request.form.get("text", "").replace("\r\n", "\n")  # browsers send line ends their own way
    try:
        with acting(session):
            done = load_year(
                session, services().context, year, text,
                reason=request.form.get("reason", "")[:LONGEST_REASON], by=person().actor, now=now(),
            )  # fmt: skip
            remember(session, key, str(done.version.version), now())
    except InvalidData as wrong:
        session.rollback()
        return _form(year, {}, [], wrong.errors), 422
    except StepFailed as failed:
        raise Conflict(f"没有保存：一项定时器不能随期限移动（{failed.reason}）。请先处理这项异常") from failed
    session.commit()
    told = len({login for effect in done.effects for login in effect.people})
    moved = (
        f"{len(done.effects)} 项在办期限随之移动，已通知 {told} 人"
        if done.effects
        else "没有在办期限因此移动"
    )
    flash(f"{year} 年工作日历第 {done.version.version} 版已生效：{moved}。", "success")
    return back


def _form(year: int, typed: Any, rows: list[HolidayRow], errors: Any) -> str:
    shown = [row for row in rows if not row.empty]
    blank = [HolidayRow("", "", "", "")] * max(SPARE_ROWS, LEAST_ROWS - len(shown))
    return render_template(
        "calendar_edit.html", year=year, typed=typed, rows=[*shown, *blank],
        problems=[text for field, texts in errors.items() if field != "reason" for text in texts],
        reason_wrong="；".join(errors.get("reason", ())), known=year in newest_calendar(request_session()),
    )  # fmt: skip


def _rows() -> list[HolidayRow]:
    form = request.form
    return [
        HolidayRow(*(form.get(f"{name}_{n}", "").strip() for name in ("name", "from", "to", "make_up")))
        for n in range(MOST_ROWS)
        if f"name_{n}" in form
    ]


def uploaded(largest: int) -> str:
    """The text of the file that was chosen, '' when none was; `largest` in bytes. Raises InvalidData."""
    file = request.files.get("file")
    if file is None or not file.filename:
        return ""
    content = file.read(largest + 1)
    if len(content) > largest:
        raise InvalidData({"file": [f"文件太大：应是一个不超过 {largest // 1024} KB 的 TOML 文件。"]})
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise InvalidData({"file": ["文件不是 UTF-8 编码：请在编辑器里另存为 UTF-8 再上传。"]}) from error
