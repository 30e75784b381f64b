"""The page 期限规则: every rule with its length, extension, origin, clause and ladder, and the versions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import render_template

from engine.deadline import citation
from engine.deadline.rule import Ladder, Rule
from engine.deadline.rule_words import extension_in_words, length_in_words, origin_in_words
from forms.chinese import name_of
from forms.database import acting, request_session
from forms.pages.blueprints import staff
from forms.pages.calendar.views import KEEPERS, WHY
from forms.services import services
from forms.signed_in import demand
from supervision.deadlines.lawful import is_law
from supervision.deadlines.rule_change import running_by_key
from supervision.deadlines.versions import reasons, rule_versions


@dataclass(frozen=True)
class RuleLine:
    """One rule in the list."""

    rule: Rule
    running: int

    @property
    def length(self) -> str:
        return length_in_words(self.rule)

    @property
    def extension(self) -> str:
        return extension_in_words(self.rule)

    @property
    def origin(self) -> str:
        return origin_in_words(self.rule)

    @property
    def cited(self) -> str:
        """What it rests on, by title and article."""
        return citation.in_words(self.rule.reference, self.rule.sources)

    @property
    def label(self) -> str:
        """明文规定, 参照 or 默认."""
        if is_law(self.rule):
            return "明文规定"
        return "参照" if "analog" in self.rule.tag else "默认"

    @property
    def ladder(self) -> str:
        return ladder_in_words(self.rule.ladder, self.rule.unit == "date")


def ladder_in_words(ladder: Ladder, fixed: bool) -> str:
    """``80% 黄灯，到期次日红灯，120%、150% 逐级上报``; for fixed dates in working days before and after."""
    if fixed:
        late = f"逾期 {ladder.date_l3}、{ladder.date_l4} 个工作日上报"
        return f"提前 {ladder.date_amber} 个工作日黄灯，{late}"
    return f"{ladder.amber}% 黄灯，到期次日红灯，{ladder.l3}%、{ladder.l4}% 逐级上报"


@staff.get("/rules")
def rules() -> Any:
    demand(WHY, *KEEPERS)
    session = request_session()
    found = services().context.rules(session)
    with acting(session):
        running, why = running_by_key(session), reasons(session, "rules.published")
    versions = [
        (row, name_of(session, row.published_by), why.get(row.digest, "")) for row in rule_versions(session)
    ]
    lines = [RuleLine(rule, running.get(key, 0)) for key, rule in found.items()]
    return render_template("rules.html", lines=lines, versions=versions)
