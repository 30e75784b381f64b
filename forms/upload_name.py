"""Names of uploaded files, made safe to show and to offer for download."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 120

_FORBIDDEN = re.compile(r'[<>:"|?*\x00-\x1f\x7f]')
_INVISIBLE = {"Cc", "Cf", "Co", "Cs"}
"""Unicode categories that are not seen; among them are those that turn the direction of writing."""


def display_name(sent: str) -> str:
    """The last part of the path, without what is invisible or forbidden on any system; never empty.

    ``C:\\照片\\a<b>.jpg`` becomes ``ab.jpg``. At most LONGEST characters, the extension kept.
    """
    last = re.split(r"[\\/]", unicodedata.normalize("NFC", sent))[-1]
    seen = "".join(char for char in last if unicodedata.category(char) not in _INVISIBLE)
    tidy = " ".join(_FORBIDDEN.sub("", seen).split())
    stem, dot, extension = tidy.rpartition(".")
    stem, extension = (stem, extension) if dot else (extension, "")
    stem = stem.strip(". ") or "附件"
    if not extension:
        return stem[:LONGEST]
    return f"{stem[: LONGEST - len(extension) - 1]}.{extension[:10]}"


def extension_of(sent: str) -> str:
    """The extension of the name as it will be shown: lower case, without a dot; empty without one."""
    name = display_name(sent)
    return name.rpartition(".")[2].lower() if "." in name else ""
