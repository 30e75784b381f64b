"""送达: what has to be said of each way of serving a document, asked again whatever the page let through.

Source: S:MSS arts.87–95 (民事诉讼法, applied alike); DOMAIN C2, F-SV.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from engine.actor import Actor
from engine.deadline.shanghai import date_of
from engine.errors import InvalidData
from engine.instance.context import GuardCall
from supervision.document.table import Document
from supervision.guards.separation import rules_of

STATUTORY = ("直接", "留置", "委托", "邮寄", "电子", "公告")
TOGETHER = ("直接", "留置")
NEEDED: Mapping[str, Mapping[str, str]] = {
    "直接": {"place": "送达地点", "relation": "签收人与受送达人关系", "receipt": "回证扫描件"},
    "留置": {"place": "送达地点", "refusal_reason": "拒收事由", "receipt": "回证扫描件"},
    "委托": {"place": "送达地点", "entrusted_to": "受托送达的单位或者人员", "receipt": "回证扫描件"},
    "邮寄": {"tracking_no": "邮件号", "posted_on": "交邮日期"},
    "电子": {"e_consent": "电子送达同意书", "receipt": "回证扫描件"},
    "公告": {"public_reason": "公告原因及经过"},
}
"""Way → field → its label. Who signed is sealed and never gets here: the form asks for it."""
LATER = ("邮寄", "公告")
"""Served on the day of the receipt, or when the period of the 公告 ends; not yet when it is registered."""
DAYS = {"served_at": "送达日期", "posted_on": "交邮日期", "announced_on": "公告日期"}


def served_in_order(session: Session, call: GuardCall, actor: Actor, now: datetime) -> None:
    """Raises InvalidData, keyed by field, for a delivery that would not hold."""
    if call.act != "complete" or call.task.process_id != "service_of_documents":
        return
    wrong = {**_faults(call), **_ahead(call.data, date_of(now)), **_taken_back(session, call.data)}
    if wrong:
        raise InvalidData({field: [sentence] for field, sentence in wrong.items()})


def _taken_back(session: Session, data: Mapping[str, Any]) -> dict[str, str]:
    """What is void has no effect, and no period begins with it."""
    chosen = str(data.get("doc_id") or "")
    row = session.get(Document, chosen) if chosen else None
    if row is None or row.status == "issued":
        return {}
    return {"doc_id": f"《{row.title}》{row.doc_no}已经作废或者没有签发，不能送达：请改选重新制发的公文。"}


def _faults(call: GuardCall) -> dict[str, str]:
    data = call.data
    if data.get("mail_result") == "已签收":
        return _empty(data, {"served_at": "签收日期", "receipt": "邮寄回执"}, "邮寄送达")
    if "mode" not in data:
        return {}
    mode = str(data["mode"])
    if "served_by_law" in rules_of(call.node) and mode not in STATUTORY:
        return {"mode": f"决定和告知书应当依法送达：请在{'、'.join(STATUTORY)}中选一种，不能用“{mode}”。"}
    needed = dict(NEEDED.get(mode, {}))
    if mode not in LATER:
        needed["served_at"] = "送达日期"
    return {**_empty(data, needed, f"{mode}送达"), **_people(mode, data)}


def _empty(data: Mapping[str, Any], needed: Mapping[str, str], what: str) -> dict[str, str]:
    return {
        field: f"{what}应当填写“{label}”：请补填。"
        for field, label in needed.items()
        if not _given(data, field)
    }


def _people(mode: str, data: Mapping[str, Any]) -> dict[str, str]:
    people = len({str(one) for one in _list(data.get("deliverers"))})
    if mode in TOGETHER and people < 2:
        return {"deliverers": f"{mode}送达应当由两人以上进行，现在是 {people} 人：请补选送达人。"}
    if mode == "委托" and not people:
        return {"deliverers": "委托送达应当写明办理委托的送达人：请补选。"}
    if mode == "留置" and not (_given(data, "witnesses") or _given(data, "recording")):
        return {
            "witnesses": "留置送达应当有基层组织或者所在单位的代表见证，或者拍照、录像：请写见证人或者上传。"
        }
    return {}


def _ahead(data: Mapping[str, Any], today: date) -> dict[str, str]:
    """Nothing is served on a day that is still to come: periods of defence and review start then."""
    return {
        field: f"{label}不能晚于今天（{today.isoformat()}）：请按实际日期填写。"
        for field, label in DAYS.items()
        if str(data.get(field) or "")[:10] > today.isoformat()
    }


def _given(data: Mapping[str, Any], field: str) -> bool:
    value = data.get(field)
    return bool(value.strip() if isinstance(value, str) else value)


def _list(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list | tuple) else [value] if value else []
