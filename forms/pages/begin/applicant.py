"""申请复核: which decision, whether it was served on the applicant, and whether the application is in time.

Whoever asks about a decision of somebody else, and whoever asks about one that does not exist, read the same.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from forms.answers import Answers
from forms.database import acting
from forms.pages.begin.find import Entry
from forms.pages.navigation import CLERKS
from forms.proof.sheet import Sheet, sheet_of
from forms.services import services, today
from forms.signed_in import Person
from forms.words import day
from supervision.organisation.units import unit_name
from supervision.review.window import Window, concerns, window_of

NONE_SUCH = "没有找到向您或者您单位送达的这份文书：请核对文号，例如“云政公开督〔2026〕1号”。"
NO_SUCH = "没有找到这份已经印发的文书：请核对文号，例如“云政公开督〔2026〕1号”。"


@dataclass(frozen=True)
class Application:
    """What is known before the form; `window` is None until a decision is found."""

    decision: str
    window: Window | None
    fault: str
    values: dict[str, Any]
    """What the form begins with."""
    by_clerk: bool
    """On paper, entered by a clerk, who knows the day on which it came."""

    @property
    def sheet(self) -> Sheet | None:
        """How the period was counted."""
        counted = self.window.counted if self.window else None
        return sheet_of(counted, services().settings.clauses) if counted else None

    @property
    def late_today(self) -> bool:
        """Whether the period is over by today."""
        return bool(self.window and self.window.late(today()))

    def judged(self, answers: Answers) -> Answers:
        """The answers with what the system knows better, or with what is missing of a late application."""
        clean = dict(answers.clean)
        if not self.by_clerk:
            clean |= self.values
        received = date.fromisoformat(str(clean.get("received_on") or today().isoformat())[:10])
        clean |= {"decision_no": self.decision, "received_on": received.isoformat()}
        last_on, errors = self.window.last_on if self.window else None, {}
        if received > today():
            errors["received_on"] = "收到申请的日期不能晚于今天：请按实际收到的日期填写。"
        elif last_on and received > last_on and not str(clean.get("late_reason") or "").strip():
            errors["late_reason"] = f"申请期限到 {day(last_on)}届满，已经逾期：有正当理由的，请写明理由。"
        return replace(answers, clean={} if errors else clean, errors=errors)


def application(session: Session, entry: Entry, decision: str, someone: Person) -> Application | None:
    """None where the process is no 复核."""
    if not entry.is_review:
        return None
    by_clerk = someone.holds(*CLERKS)
    if not decision.strip():
        return Application("", None, "", {}, by_clerk)
    window = window_of(session, services().context, decision, entry.window, entry.decisions)
    with acting(session):
        allowed = by_clerk or concerns(session, decision, someone.actor)
    if window is None or not allowed:
        return Application(decision, None, NO_SUCH if by_clerk else NONE_SUCH, {}, by_clerk)
    values = {
        "decision_no": window.decision_no,
        "received_on": today().isoformat(),
        "served_on": window.served_on.isoformat() if window.served_on else "",
    }
    if not by_clerk:
        values["applicant"] = _name(session, someone, entry)
    return Application(window.decision_no, window, "", values, by_clerk)


def _name(session: Session, someone: Person, entry: Entry) -> str:
    unit = unit_name(session, someone.account.unit_code)
    return unit if entry.key == "conclusion_review" else f"{someone.account.name}（{unit}）"
