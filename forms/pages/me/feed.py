"""日历订阅: the secret address, shown once when it is made; and the feed itself, open to whoever has it."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, current_app, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session, sessionmaker

from engine.actor import Actor
from engine.store.visibility import SYSTEM, see_as
from forms.database import acting, request_session
from forms.pages.blueprints import public, staff
from forms.pages.cycles.views import VIEWERS
from forms.services import now, services, today
from forms.signed_in import SESSIONS, person
from supervision.account.viewer import actor_of, viewer_of_actor
from supervision.feed import address
from supervision.feed.cycles import cycle_days
from supervision.feed.own import own_deadlines
from supervision.feed.text import etag, ics
from supervision.once import outcome_of, remember


@staff.post("/me/feed")
def me_feed() -> Any:
    session, actor, once = request_session(), person().actor, request.form.get("_key", "")[:64]
    if outcome_of(session, once):
        flash("地址已经生成，只显示一次：没有记下的，请更换一个。", "warning")
        return redirect(url_for("staff.me"), 303)
    token = address.create(session, by=actor, now=now())
    remember(session, once, "feed", now())
    session.commit()
    return render_template("feed.html", address=url_for("public.feed", token=token, _external=True))


@staff.post("/me/feed/revoke")
def me_feed_revoke() -> Any:
    session = request_session()
    ended = address.revoke(session, by=person().actor, now=now())
    session.commit()
    flash("地址已撤销：日历程序不再更新，已经取走的内容请在那里删除。" if ended else "没有可以撤销的地址。")
    return redirect(url_for("staff.me"), 303)


@public.get("/feed/<token>.ics")
def feed(token: str) -> Any:
    """Answers 304 when the program has this text already, 404 when the address opens nothing."""
    session = request_session()
    found = address.opened_by(session, token)
    if found is None:
        abort(404)
    row, account = found
    actor = actor_of(session, account, now())
    if row.used_on != today():
        _note_use(row.token_hash)
    response = Response(_text(session, actor), mimetype="text/calendar")
    response.headers["Content-Disposition"] = 'inline; filename="ducha.ics"'
    response.headers["X-Robots-Tag"] = "noindex"
    response.cache_control.no_cache = response.cache_control.private = True
    response.set_etag(etag(response.get_data()))
    return response.make_conditional(request)


def _text(session: Session, actor: Actor) -> bytes:
    see_as(session, viewer_of_actor(actor))
    entries = own_deadlines(session, actor, now())
    if any(role in VIEWERS for role, _ in actor.roles):
        with acting(session):
            calendar = services().context.calendar(session)
            entries += cycle_days(session, services().settings.cycles, calendar, now())
    return ics("督查台：我的期限", entries, request.url_root.rstrip("/"))


def _note_use(token_hash: str) -> None:
    """In a transaction of its own, once a day: fetching reads."""
    sessions: sessionmaker[Session] = current_app.config[SESSIONS]
    with sessions.begin() as own:
        address.note_use(see_as(own, SYSTEM), token_hash, now())
