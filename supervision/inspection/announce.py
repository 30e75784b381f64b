"""Topics of the 督查通报: its text from the year's data, what it must hold, and that nothing ends without it.

Source: R7¶1 “并通报情况”; RQ-19; DOMAIN 8.3.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from engine.deadline.shanghai import date_of
from engine.errors import InvalidData, StepFailed
from engine.instance.context import Handler, ServiceCall
from supervision.document.table import Document
from supervision.house import House
from supervision.inspection import record, sections
from supervision.inspection.bulletin import clue_rows
from supervision.inspection.skeleton import missing, read_skeleton, without
from supervision.inspection.topics import inspection_of, ranking_is_public
from supervision.inspection.versions import checklist_of

BULLETIN = "D06"
RANKED = ("ranking", "table")
"""What parts hold that tell who ranks where."""


def topics(house: House) -> dict[str, Handler]:
    """Topic → handler."""
    return {
        "inspection.bulletin": partial(bulletin, house),
        "inspection.report": partial(report, house),
        "inspection.issued": partial(issued, house),
        "inspection.close": partial(close, house),
    }


def bulletin(house: House, session: Session, call: ServiceCall, now: datetime) -> Mapping[str, Any]:
    """The skeleton of the 督查通报 (DOMAIN 8.3), filled from the year's data. Returns bulletin_draft."""
    inspection = inspection_of(session, call)
    checklist = checklist_of(session, inspection.checklist)
    places = record.placed(session, call.instance_id)
    period = sections.period_of(inspection.year, date_of(now))
    year = sections.Year(session, checklist, call.instance_id, places, period, call.data)
    return {"bulletin_draft": sections.text_of(year, read_skeleton(house.templates.folder))}


def report(house: House, session: Session, call: ServiceCall, now: datetime) -> Mapping[str, Any]:
    """The text that goes to 领导小组 has every part of the skeleton, and nothing of a clue.

    Raises:
        InvalidData: on `bulletin_body`.
    """
    text = str(call.data.get("bulletin_body") or "")
    if lacking := missing(house.templates.folder, text):
        raise InvalidData(
            {"bulletin_body": [f"通报稿缺少{'、'.join(f'“{one}”' for one in lacking)}：请补上这几部分。"]}
        )
    for clue in clue_rows(record.placed(session, call.instance_id)):
        if clue["fact"] and clue["fact"] in text:
            raise InvalidData(
                {"bulletin_body": [f"通报稿写入了问责线索“{clue['fact'][:30]}”：线索不进入通报，请删去。"]}
            )
    return {}


def issued(house: House, session: Session, call: ServiceCall, now: datetime) -> Mapping[str, Any]:
    """Reads doc_id. Returns bulletin_no, bulletin_id, bulletin_on and public_text: what the public reads,
    without the ranking where the district keeps it to itself (setting public_ranking).
    """
    document = session.get_one(Document, str(call.data.get("doc_id") or ""))
    text = str(document.detail.get("text") or "")
    if not ranking_is_public(session):
        text = without(house.templates.folder, text, RANKED)
    return {
        "bulletin_no": document.doc_no, "bulletin_id": document.id, "public_text": text,
        "bulletin_on": document.issued_on.isoformat() if document.issued_on else "",
    }  # fmt: skip


def close(house: House, session: Session, call: ServiceCall, now: datetime) -> Mapping[str, Any]:
    """Nothing is closed without its 通报. Source: R7¶1 “并通报情况”; RQ-19.

    Raises:
        StepFailed: no 督查通报 (D06) was issued, a part is missing, or it was not put before the public.
    """
    document = session.get(Document, str(call.data.get("bulletin_id") or ""))
    there = document is not None and document.status == "issued" and document.template_code == BULLETIN
    if document is None or not there or not str(call.data.get("published_on") or ""):
        raise StepFailed(
            call.element_id, "督查通报还没有发文字号或者没有公开，不能结束（第七条“并通报情况”）", call.data
        )
    if lacking := missing(house.templates.folder, str(document.detail.get("text") or "")):
        raise StepFailed(call.element_id, f"督查通报缺少{'、'.join(lacking)}，不能结束", call.data)
    inspection_of(session, call).bulletin_no = document.doc_no
    session.flush()
    return {}
