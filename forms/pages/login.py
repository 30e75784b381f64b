"""登录、退出、改密码."""

from __future__ import annotations

import re
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask import session as cookie
from flask_login import current_user, login_user, logout_user

from engine.errors import InvalidData, NotAllowed
from forms.database import request_session
from forms.pages.blueprints import public, staff
from forms.services import now
from forms.signed_in import Person, person
from supervision.account import session as logins
from supervision.account.authenticate import authenticate
from supervision.account.manage import change_password
from supervision.account.viewer import actor_of, viewer_of_actor
from supervision.seed import DemoPerson, demo_people
from supervision.setting import is_demo

OWN_PATH = re.compile(r"/(?:[^/\\\x00-\x20\x7f][^\\\x00-\x20\x7f]*)?")
"""A browser drops tabs and reads a backslash as a slash: with either, a path could become another host."""


@public.get("/login")
def login() -> Any:
    if current_user.is_authenticated:
        return redirect(_after())
    return _form()


@public.post("/login")
def login_post() -> Any:
    session = request_session()
    found = authenticate(session, request.form.get("login", ""), request.form.get("password", ""), now())
    if found.account is None:
        session.commit()
        return _form(found.message), 401
    token = logins.open_session(session, found.account, now())
    actor = actor_of(session, found.account, now())
    session.commit()
    cookie.clear()  # nothing of an earlier person stays in this browser
    login_user(Person(token, found.account, actor, viewer_of_actor(actor)))
    return redirect(_after(), 303)


@staff.post("/logout")
def logout() -> Any:
    session = request_session()
    logins.revoke(session, person().token, now())
    session.commit()
    logout_user()
    cookie.clear()
    flash("您已退出登录。")
    return redirect(url_for("public.login"), 303)


@staff.get("/password")
def password() -> Any:
    return render_template("password.html", faults=[])


@staff.post("/password")
def password_post() -> Any:
    session, form = request_session(), request.form
    account = person().account
    try:
        if form.get("new", "") != form.get("again", ""):
            raise InvalidData({"again": ["两次输入的新密码不一样，请重新输入。"]})
        change_password(
            session, account, form.get("old", ""), form.get("new", ""), now=now(), token=person().token
        )
    except (InvalidData, NotAllowed) as refused:
        session.rollback()
        faults = (
            [text for texts in refused.errors.values() for text in texts]
            if isinstance(refused, InvalidData)
            else [f"{refused}。"]
        )
        return render_template("password.html", faults=faults), 422
    session.commit()
    flash("密码已修改，其他设备上的登录已退出。")
    return redirect(url_for("staff.inbox"), 303)


def _form(message: str = "") -> str:
    session = request_session()
    people = demo_people(session) if is_demo(session) else []
    units: dict[str, list[DemoPerson]] = {}
    for someone in people:
        units.setdefault(someone.unit, []).append(someone)
    return render_template(
        "login.html", message=message, people=people, units=list(units.items()), next=_after(),
        typed=request.form.get("login", ""),
    )  # fmt: skip


def _after() -> str:
    """Where to go after the log-in: only a path of this site, never another host."""
    wanted = request.values.get("next", "")
    return (
        wanted
        if OWN_PATH.fullmatch(wanted) and not wanted.startswith(("/login", "/logout"))
        else url_for("staff.inbox")
    )
