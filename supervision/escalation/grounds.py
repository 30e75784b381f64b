"""Which clause a deadline that was not kept points to."""

from __future__ import annotations

GROUNDS = {
    "R8(8)": "第八条第（八）项：不及时受理答复群众有关政务公开方面咨询和举报投诉",
    "R8(9)": "第八条第（九）项：不落实监督检查决定、要求",
    "R9(6)": "第九条第（六）项：个人违反有关规定且拒不改正（个人整改逾期未报）",
}
"""Clause → what it says of lateness. Source: R8, R9; DOMAIN 7.4."""
_BY_PROCESS = {"CP": "R8(8)"}
"""First part of a rule's key → clause; everything else is a decision or demand of the inspection."""


def grounds_of(key: str) -> str:
    """P3 → R8(8); P1, P2, P5 → R8(9). That 整改 was a person's own (R9(6)) is for who confirms to say."""
    return _BY_PROCESS.get(key.split("-")[0], "R8(9)")
