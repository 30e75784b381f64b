"""Title and number series of a document, where the diagram does not give them.

Source: DOMAIN 6.1, 6.2. Some templates serve two documents; what was decided tells which.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

TITLES = {
    "D05": "督查结论反馈书",
    "D06": "督查通报",
    "D10": "投诉受理告知书",
    "D11": "补正告知书",
    "D12": "不予受理告知书",
    "D13": "交办单",
    "D14": "延期告知书",
    "D15": "投诉处理结果告知书",
    "D16": "投诉处理结果公开稿",
    "D17": "投诉终止告知书",
    "D18": "移送函",
    "D37": "整改通知书",
    "D39": "整改验收意见书",
    "D34": "复核受理通知书",
    "D35": "复核决定书",
    "D36": "纠正执行通知书",
    "D40": "催办通知书",
    "D43": "回避决定书",
}

SERIES = {
    "D10": "诉", "D11": "诉", "D12": "诉", "D13": "诉", "D14": "诉", "D15": "诉", "D17": "诉",
    "D18": "函", "D37": "改", "D39": "改", "D40": "督", "D05": "督", "D06": "督",
    "D34": "复", "D35": "复", "D36": "复", "D43": "复",
}  # fmt: skip
"""Template → series; one that is not named here has no number (D16 公开稿)."""


def title_of(code: str, data: Mapping[str, Any]) -> str:
    """The title by template and decision; the code itself for a template unknown here."""
    if code == "D12" and data.get("route") == "不再受理":
        return "不再受理告知书"
    if code == "D13" and data.get("route") == "转送有权机关":
        return "转送函"
    if code == "D17" and data.get("withdraw_decision") == "依职权继续":
        return "撤诉回执"
    return TITLES.get(code, code)


def series_of(code: str, data: Mapping[str, Any]) -> str:
    """The number series; letters between bodies that are not each other's superior are 函."""
    return "函" if title_of(code, data) == "转送函" else SERIES.get(code, "")
