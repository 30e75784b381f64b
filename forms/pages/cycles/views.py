"""The page 周期流程 and one cycle: what ran, what was skipped and why, what comes in the next two years."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from flask import render_template
from sqlalchemy import select

from engine.errors import NotFound
from engine.store.tables import InstanceScope
from forms.chinese import name_of
from forms.database import acting, request_session
from forms.pages.blueprints import staff
from forms.pages.calendar.views import KEEPERS
from forms.pages.case.access import LISTS_ONLY
from forms.services import now, services, today
from forms.signed_in import demand, person
from supervision.cycles.by_hand import may_start, startable
from supervision.cycles.look import CycleView, gone, look
from supervision.cycles.recur import Cycle
from supervision.organisation.grants import role_label

VIEWERS = (
    *KEEPERS, "MANAGER", "AUDITOR", "DCS_LEAD", "DCS_CLERK", "LSG_HEAD", "LSG_DEPUTY", "LSG_MEMBER",
    "QZB_HEAD", "QZB_CLERK",
)  # fmt: skip
WHY = "周期由督查室、领导小组和流程所有者查看"
AHEAD = timedelta(days=731)
"""Two years: 24 months, whatever leap day lies between."""
SOON = timedelta(days=92)
"""What the list of all cycles shows."""
FOLDED = 12
"""Lines of a list before the rest is folded away."""
RUNNING = {"active": "办理中", "incident": "出现异常", "completed": "已办结", "terminated": "已终止"}


@staff.get("/cycles")
def cycles() -> Any:
    demand(WHY, *VIEWERS)
    session = request_session()
    with acting(session):
        calendar = services().context.calendar(session)
        views = [look(session, one, calendar, now(), today() + AHEAD) for one in services().settings.cycles]
    soon = [
        (one, view) for view in views for one in view.coming if one.on <= today() + SOON and not view.paused
    ]
    soon.sort(key=lambda item: item[0].due_at)
    return render_template(
        "cycles.html", views=views, soon=soon, may_open=_openable(views), words=RUNNING,
        gone=gone(session, services().settings.cycles),
        unpublished=[view for view in views if not view.process_name],
    )  # fmt: skip


@staff.get("/cycles/<key>")
def cycles_one(key: str) -> Any:
    demand(WHY, *VIEWERS)
    return show(find(key))


def show(cycle: Cycle, *, opened: str = "", typed: Mapping[str, str] | None = None, wrong: str = "") -> str:
    """`opened`: the form that was refused, with what was typed and what is wrong with it."""
    session, actor = request_session(), person().actor
    with acting(session):
        calendar = services().context.calendar(session)
        view = look(session, cycle, calendar, now(), today() + AHEAD)
        by_hand = startable(session, cycle, calendar, now()) if may_start(cycle, actor) else []
    logins = {ran.run.started_by for ran in view.ran} | {view.state.paused_by if view.state else ""}
    return render_template(
        "cycle.html", view=view, by_hand=by_hand, keeper=person().holds(*KEEPERS), opened=opened,
        typed=typed or {}, wrong=wrong, may_open=_openable([view]), words=RUNNING, folded=FOLDED,
        names={login: name_of(session, login) for login in logins}, key=secrets.token_hex(16),
        running=_few([ran.run.label for ran in reversed(view.running)]),
        starters="、".join(role_label(session, role) for role in sorted(cycle.starters)),
    )  # fmt: skip


def find(key: str) -> Cycle:
    """Raises NotFound."""
    for cycle in services().settings.cycles:
        if cycle.key == key:
            return cycle
    raise NotFound(f"Expected a cycle {key!r} in cycles.toml, but there is none")


def _few(labels: list[str]) -> str:
    """The first and the last where there are many."""
    return "、".join(labels) if len(labels) <= 4 else f"{labels[0]} 至 {labels[-1]}"


def _openable(views: Iterable[CycleView]) -> set[str]:
    """Instances whose page the person may open; of the others the state is shown, without a link."""
    scopes = person().viewer.scopes - LISTS_ONLY
    ids = {ran.instance.id for view in views for ran in view.ran if ran.instance is not None}
    if not scopes or not ids:
        return set()
    seen = select(InstanceScope.instance_id).where(
        InstanceScope.instance_id.in_(ids), InstanceScope.scope.in_(scopes)
    )
    return set(request_session().scalars(seen))
