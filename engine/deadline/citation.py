"""References of rules in Chinese: ``S:XF art.23¶2`` is 《信访工作条例》（2022 年）第二十三条第二款."""

from __future__ import annotations

import re
from collections.abc import Sequence

REGULATION = "《政务公开工作督查及问责办法》"
"""What ``R`` with a number cites. Its clauses are on file, word for word, under the same codes."""

_DIGITS = "零一二三四五六七八九"
_UNITS = {"wd": "个工作日", "cd": "日"}
_PLACE = r"\d+(?:¶\d+)?(?:\(\d+\))?"
_SOURCE = re.compile(rf"S:([A-Z0-9]+(?:-[A-Z0-9]+)*)(?: arts?\.({_PLACE}(?:[–,]{_PLACE})*))?")
_OWN = re.compile(rf"\bR({_PLACE})")
_LENGTH = re.compile(r"(\d+(?:–\d+)?) ?(wd|cd)(?![a-z])")
_PARTS = re.compile(r"(\d+)(?:¶(\d+))?(?:\((\d+)\))?")
_WIDE = str.maketrans({",": "，", ";": "；", "(": "（", ")": "）"})


def in_words(reference: str, sources: Sequence[str]) -> str:
    """`reference` as people read it; `sources` are the titles of the codes it cites, in order.

    A code whose title is not known stays as it is.
    """
    codes = [found[1] for found in _SOURCE.finditer(reference)]
    titles = dict(zip(codes, sources, strict=False)) if len(codes) == len(sources) else {}

    def source(found: re.Match[str]) -> str:
        return f"{titles.get(found[1], found[1])}{_places(found[2] or '')}"

    text = reference.replace("(default)", "").replace("analog ", "").replace(",S:", "、S:")
    text = re.sub('"([^"]*)"', r"“\1”", text.replace(" (", "("))
    text = _LENGTH.sub(lambda found: f"{found[1]} {_UNITS[found[2]]}", text)
    text = _OWN.sub(lambda found: f"{REGULATION}{_places(found[1])}", _SOURCE.sub(source, text))
    return text.translate(_WIDE)


def own_clauses(reference: str) -> list[str]:
    """Codes of the regulation's clauses that are cited, as ``R7¶2``, each once."""
    return list(dict.fromkeys(f"R{found[1]}" for found in _OWN.finditer(reference)))


def place_of(code: str) -> str:
    """``R8(5)`` as documents write it, 第八条第（五）项; what is no code of the regulation stays as it is."""
    return _places(code[1:]) if _OWN.fullmatch(code) else code


def _places(cited: str) -> str:
    """``64(1),85`` is 第六十四条第（一）项、第八十五条."""
    return _PARTS.sub(lambda found: _place(*found.groups()), cited).replace("–", "至").replace(",", "、")


def _place(article: str, paragraph: str | None, item: str | None) -> str:
    words = f"第{numeral(int(article))}条"
    if paragraph:
        words += f"第{numeral(int(paragraph))}款"
    return f"{words}第（{numeral(int(item))}）项" if item else words


def numeral(number: int) -> str:
    """``12`` is 十二; from 0 to 999."""
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    words = f"{_DIGITS[hundreds]}百" if hundreds else ""
    if tens:
        words += "十" if tens == 1 and not hundreds else f"{_DIGITS[tens]}十"
    elif hundreds and ones:
        words += "零"
    return words + (_DIGITS[ones] if ones or not number else "")
