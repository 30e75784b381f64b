"""到期的依据: tells the process owners, once per version, of a basis that no longer holds or soon will not.

The seed regulation is among them from the first day: its article 1 rests on 《行政监察法》, repealed on
2018-03-20. Source: DOMAIN 10, design rules 4 and 5; RQ-02.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.deadline.shanghai import date_of
from engine.store.base import table_of
from supervision.basis.basis import REGULATION, Basis
from supervision.basis.table import BasisVersion
from supervision.basis.versions import bases
from supervision.notice import holders, notify

AHEAD = timedelta(days=60)
"""How long before its last day the owners are told of a basis that will end."""
_versions = table_of(BasisVersion)


def warn_expiring(session: Session, now: datetime) -> int:
    """One notice per owner, basis and version, however often this runs; returns the bases warned of.

    The caller commits.
    """
    ending = [one for one in bases(session).values() if one.expires_by(date_of(now) + AHEAD)]
    owners = holders(session, "OWNER", "", now)
    numbers = dict(
        session.execute(
            select(_versions.c.code, func.max(_versions.c.version)).group_by(_versions.c.code)
        ).all()
    )
    for one in ending:
        notify(
            session, owners, sentence(one), f"/bases/{one.code}", now, f"basis:{one.code}:{numbers[one.code]}"
        )
    if doubts(bases(session).get(REGULATION)):
        text = "《办法》的发布日期还没有填写，效力待核实：不妨碍办案，请在“区的设置”中填写"
        notify(session, owners, text, "/settings", now, f"basis:{REGULATION}:dates")
    return len(ending)


def sentence(one: Basis) -> str:
    """``《监察法》（2018 年）已修改（2025-05-31 止），请核对引用它的公文、规则和节点``."""
    until = f"（{one.effective_to.isoformat()} 止）" if one.effective_to else ""
    state = one.status if one.status != "现行有效" else "即将失效"
    return f"法律依据{one.name}{state}{until}：请核对引用它的公文模板、规则、期限和节点"


def doubts(own: Basis | None) -> bool:
    """Whether the regulation's own days are unknown while its status is 待核实 (RQ-02)."""
    return own is not None and own.status == "待核实" and own.version_date is None
