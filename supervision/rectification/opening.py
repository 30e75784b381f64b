"""立项: a 整改 gets its row, from what the message or the clerk's form says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from engine.deadline.shanghai import date_of
from engine.errors import StepFailed
from engine.instance.context import ServiceCall
from supervision.case.find import case_of
from supervision.organisation.units import is_unit
from supervision.rectification.table import Rectification

ACCOUNTABILITY = "问责"
GROUP, JW, DCS = "领导小组", "监察机关", "督查室"
FIELDS = ("fact", "clause", "requirement")
"""Of an item, all text."""


def open_row(session: Session, call: ServiceCall, now: datetime) -> Mapping[str, Any]:
    """Reads source, source_case_no, unit_code, person, items, basis, report_to, repeat.

    Returns rect_no, subject (单位 or 个人), unit_name, items, report_to, and person as one text.

    Raises:
        StepFailed: no unit says whose 整改 it is.
    """
    data, case = call.data, case_of(session, call.instance_id)
    unit = str(data.get("unit_code") or "")
    if not is_unit(session, unit):
        raise StepFailed(call.element_id, f"整改应写明单位，但是“{unit}”：请更正启动整改的单位代码", data)
    source, person = str(data.get("source") or "日常督查"), person_of(data.get("person"))
    row = Rectification(
        instance_id=case.instance_id,
        rect_no=case.number,
        source=source[:20],
        source_case_no=str(data.get("source_case_no") or "")[:60],
        unit_code=unit,
        person=person[:100],
        items=items_of(data.get("items")),
        report_to=addressees(source, data.get("report_to")),
        basis=words_of(data.get("basis")),
        repeat=bool(data.get("repeat")),
        opened_on=date_of(now),
    )
    session.add(row)
    case.lead_unit = None if person else unit
    session.flush()
    return {
        "rect_no": row.rect_no,
        "subject": "个人" if person else "单位",
        "person": person,
        "unit_name": case.target_unit_name,
        "items": row.items,
        "report_to": row.report_to,
        "basis": row.basis,
        "source": row.source,
        "source_case_no": row.source_case_no,
    }


def items_of(given: Any) -> list[dict[str, Any]]:
    """Items as {fact, clause, requirement}; what is plain text is the fact. Nothing else is taken over."""
    rows = given if isinstance(given, list) else [given] if given else []
    read = [row if isinstance(row, Mapping) else {"fact": row} for row in rows]
    return [{name: words_of(row.get(name)) for name in FIELDS} for row in read]


def addressees(source: str, given: Any) -> list[str]:
    """To whom the report goes. Source: R14 (领导小组, and 监察机关 where it decided); otherwise 督查室."""
    named = [str(part) for part in given if part] if isinstance(given, Sequence) and given else []
    if isinstance(given, str):
        named = [given] if given else []
    needed = [GROUP] if source == ACCOUNTABILITY else [] if named else [DCS]
    return list(dict.fromkeys([*needed, *named]))


def person_of(given: Any) -> str:
    """A person as one text: the name, with the post where it is given apart."""
    if isinstance(given, Mapping):
        name, post = str(given.get("name") or ""), str(given.get("post") or "")
        return f"{name}（{post}）" if name and post else name
    return str(given or "").strip()


def words_of(given: Any) -> str:
    """One text of a text or a list of them."""
    if isinstance(given, list | tuple):
        return "、".join(str(part) for part in given if part)
    return str(given or "").strip()
