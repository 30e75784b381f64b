"""Coverage and uses of what is in force now: published bundles, lists of the process folder, this program."""

from __future__ import annotations

from collections.abc import Mapping

from flask import current_app, url_for

import engine.definition
from engine.definition.bundle import Files
from forms.database import request_session
from forms.pages.law.page_uses import page_uses
from forms.services import now, services
from supervision.basis.coverage import Coverage, cover
from supervision.basis.program_uses import named, program_uses
from supervision.basis.uses import Use, uses_of

READERS = ("OWNER", "LEGAL", "ADMIN", "DCS_LEAD", "LSG_HEAD")
WHY = "条款对照和法律依据供流程所有者、合法性审核和负责人查阅"
DRAWN = ("节点", "规则", "字段", "期限", "公文", "检查项", "情景")
"""Kinds whose place a process owner knows: the others are the program's."""
KEEPERS = ("OWNER",)
WHY_KEEP = "法律依据和区的设置由流程所有者维护"


def uses() -> list[Use]:
    """Everything in force that names a clause or a basis."""
    processes = services().settings.processes
    pages = named(page_uses(current_app), processes)
    return [*uses_of(published(), processes), *program_uses(processes), *pages]


def coverage() -> Coverage:
    """Raises InvalidData: requirements.toml or clauses.toml is broken."""
    return cover(services().settings.processes, uses())


def published() -> Mapping[str, Files]:
    """Key → files of the version in effect."""
    session = request_session()
    return engine.definition.files_in_effect(session, now())


def address(use: Use) -> str:
    """Where a use can be looked at; '' where there is no page of its own."""
    if use.kind == "期限":
        return url_for("staff.rules_edit", key=use.where)
    if use.kind == "设置":
        return url_for("staff.settings") + f"#{use.where}"
    if use.kind == "周期":
        return url_for("staff.cycles_one", key=use.where)
    return ""
