"""个人设置: through which channels one's messages come, and whether there is a calendar feed."""

from __future__ import annotations

import secrets
from typing import Any

from flask import flash, redirect, render_template, request, url_for

from forms.database import request_session
from forms.pages.blueprints import staff
from forms.services import now, services
from forms.signed_in import person
from supervision.feed import address
from supervision.notice.reach import choose, ways_of


@staff.get("/me")
def me() -> Any:
    session, login = request_session(), person().actor.login
    return render_template(
        "me.html", ways=ways_of(session, login), outward=services().settings.outward,
        feed=address.current(session, login), key=secrets.token_hex(16),
    )  # fmt: skip


@staff.post("/me/channels")
def me_channels() -> Any:
    session, actor = request_session(), person().actor
    changed = choose(session, actor.login, request.form.getlist("channel"), by=actor, now=now())
    session.commit()
    flash(f"已保存：{'、'.join(changed)}的设置有变化。" if changed else "没有变化。")
    return redirect(url_for("staff.me"), 303)
