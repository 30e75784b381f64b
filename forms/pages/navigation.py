"""What stands around every page: navigation, bell, the person, the banners."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Flask, request, url_for
from flask_login import current_user

from forms.database import request_session
from forms.pages.calendar.views import KEEPERS
from forms.pages.cycles.views import VIEWERS as CYCLE_VIEWERS
from forms.pages.document.book import READERS as DOCUMENT_READERS
from forms.pages.inbox.find import count
from forms.pages.law.found import KEEPERS as LAW_KEEPERS
from forms.pages.law.found import READERS as LAW_READERS
from forms.pages.overdue.watchers import WATCHERS
from forms.services import now, services
from forms.signed_in import Person, person
from supervision.notice import unread_count
from supervision.organisation.grants import role_label
from supervision.organisation.scope import UNIT_ROLES
from supervision.organisation.units import unit_name
from supervision.setting import get_setting, is_demo

CLERKS = ("DCS_CLERK", "QZB_CLERK", "UP_LIAISON")
BEGINNERS = ("DCS_LEAD", *UNIT_ROLES)
"""Beside clerks, those who may find something to begin."""


@dataclass(frozen=True)
class Link:
    """One line of the navigation."""

    url: str
    label: str
    icon: str
    count: int = 0
    current: bool = False


@dataclass(frozen=True)
class Section:
    """A heading and its lines."""

    label: str
    links: list[Link]


def add_navigation(app: Flask) -> None:
    """Every template gets these."""
    app.context_processor(surroundings)


def surroundings() -> dict[str, Any]:
    """Few and cheap queries: they run on every page."""
    session = request_session()
    around: dict[str, Any] = {
        "demo": is_demo(session),
        "district": get_setting(session, "district", services().settings.district),
        "signed_in": None,
        "nav": [],
        "unread": 0,
    }
    if current_user.is_authenticated:
        someone = person()
        around |= {
            "signed_in": _who(someone),
            "nav": _sections(someone),
            "unread": unread_count(session, someone.actor.login),
        }
    return around


def _who(someone: Person) -> dict[str, str]:
    session = request_session()
    labels = sorted({role_label(session, role) for role, _ in someone.actor.roles})
    return {
        "name": someone.account.name,
        "initial": someone.account.name[:1],
        "unit": unit_name(session, someone.account.unit_code),
        "role": someone.account.post or "、".join(labels),
    }


def _sections(someone: Person) -> list[Section]:
    waiting = count(request_session(), someone.actor, now()).all
    sections = [
        Section("我的工作", [
            _link("staff.inbox", "待办", "inbox", waiting),
            _link("staff.done", "已办", "done"),
            _link("staff.started", "我发起的", "send"),
        ]),
    ]  # fmt: skip
    if someone.holds(*BEGINNERS) and not someone.holds(*CLERKS):
        sections.append(Section("登记", [_link("staff.begin", "立项和申请", "plus")]))
    if someone.holds(*CLERKS):
        register = [_link("staff.begin", "立项和申请", "flow"), _link("staff.intake", "代录投诉", "plus")]
        register += [_link("staff.box", "意见箱开箱", "box")] if someone.holds("DCS_CLERK") else []
        sections.append(Section("登记", register))
    if someone.holds(*DOCUMENT_READERS):
        sections.append(Section("公文", [_link("staff.documents", "公文登记", "file")]))
    if someone.holds(*WATCHERS):
        watch = [_link("staff.overdue", "逾期清单", "alert"), _link("staff.cards", "预警与亮牌", "shield")]
        watch.append(_link("staff.statistics", "统计", "chart"))
        sections.append(Section("督办", watch))
    elif someone.holds("U_CONTACT"):
        sections.append(Section("督办", [_link("staff.cards", "预警与亮牌", "shield")]))
    periods = [_link("staff.cycles", "周期流程", "cycle")] if someone.holds(*CYCLE_VIEWERS) else []
    if someone.holds(*KEEPERS):
        periods += [
            _link("staff.calendar", "工作日历", "clock"),
            _link("staff.rules", "期限规则", "flow"),
        ]
    if periods:
        sections.append(Section("期限", periods))
    if law := _law(someone):
        sections.append(Section("法律", law))
    if someone.holds("ADMIN"):
        sections.append(Section("系统", [_link("staff.incidents", "异常处理", "tool")]))
    return sections


def _law(someone: Person) -> list[Link]:
    readable = someone.holds(*LAW_READERS)
    links = (
        [_link("staff.clauses", "条款对照", "flow"), _link("staff.bases", "法律依据", "file")]
        if readable
        else []
    )
    return links + ([_link("staff.settings", "区的设置", "tool")] if someone.holds(*LAW_KEEPERS) else [])


def _link(endpoint: str, label: str, icon: str, number: int = 0) -> Link:
    here = (request.endpoint or "").split("_")[0] == endpoint
    return Link(url_for(endpoint), label, icon, number, here)
