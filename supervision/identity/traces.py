"""Looks for what is sealed in a text that others will read."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

LABELS = {
    "name": "姓名",
    "phone": "联系电话",
    "id_no": "证件号码",
    "address": "住址",
    "email": "邮箱",
    "representatives": "推选代表",
    "target_person": "被投诉人姓名",
    "other_ref": "其他渠道编号",
    "facts": "事实经过原文",
    "request": "诉求原文",
}
MIN_LENGTH = 2
MIN_PROSE = 20
PROSE = ("facts", "request")
"""Their short parts are ordinary words; only a longer original copied as a whole gives someone away."""

LISTS = ("representatives",)
LISTED = re.compile(r"[\n,，、;；]")
"""Several people typed into one field."""

TITLES = re.compile(r"(某+|工作人员|窗口人员|负责人|领导|局长|主任|科长|书记|科员|经办人|不清楚|不详|无)+")
"""What people write for 被投诉人 when they know no name."""


def traces(text: str, sealed: Mapping[str, Any]) -> list[str]:
    """Labels of the sealed fields whose value stands in `text`; spaces, dashes and width do not hide it."""
    bare = _bare(text)
    found = []
    for field, value in sealed.items():
        least = MIN_PROSE if field in PROSE else MIN_LENGTH
        parts = (
            part for text in _strings(value) for part in (LISTED.split(text) if field in LISTS else [text])
        )
        words = (_bare(part) for part in parts)
        if any(len(word) >= least and word in bare for word in words if not _harmless(field, word)):
            found.append(LABELS.get(field, field))
    return sorted(found)


def _harmless(field: str, word: str) -> bool:
    return field == "target_person" and bool(TITLES.fullmatch(word))


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from _strings(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _strings(part)


def _bare(text: str) -> str:
    return re.sub(r"[\s\-_·,，。、]", "", unicodedata.normalize("NFKC", text)).casefold()
