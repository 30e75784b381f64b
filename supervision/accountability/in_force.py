"""A measure that a 复核 took back gets no paper any more; one that stands is not left without it.

Source: R13¶2 (复核期间，问责决定不停止执行; 发现错误的，限期纠正).
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.errors import InvalidData
from engine.instance.context import ServiceCall
from supervision.accountability.table import Execution

LETTERS = ("D28", "D29", "D30")
"""处分、处理建议书, 取消评优评先资格通知, 通报批评: what carries a measure out."""


def demand_in_force(session: Session, call: ServiceCall, *, issuing: bool) -> None:
    """Asked when a letter is signed (`issuing`) or refused, of the variables `respondent` and `measure`.

    Raises:
        InvalidData: on `sign_result`.
    """
    given = call.data.get("respondent")
    if call.data.get("template_code") not in LETTERS or not isinstance(given, Mapping):
        return
    state = session.scalar(
        select(Execution.state).where(
            Execution.respondent_id == str(given.get("id") or ""),
            Execution.measure == str(call.data.get("measure") or ""),
        )
    )
    if issuing and state == "revoked":
        raise InvalidData(
            {"sign_result": ["这项措施已经撤销，不得再制发（第十三条）：请选“不予签发”，再登记为不再执行。"]}
        )
    if not issuing and state not in (None, "revoked"):
        raise InvalidData(
            {
                "sign_result": [
                    "没有撤销这项措施的复核决定，问责决定不停止执行（第十三条）：请签发，或者退回修改。"
                ]
            }
        )
