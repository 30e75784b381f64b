"""The kinds of file that may be attached: extension, media type, and the Chinese word for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class FileKind:
    """`extension` is lower case, without a dot."""

    extension: str
    media_type: str
    label: str


_OFFICE = "application/vnd.openxmlformats-officedocument"

KINDS = {
    kind.extension: kind
    for kind in (
        FileKind("jpg", "image/jpeg", "图片"),
        FileKind("jpeg", "image/jpeg", "图片"),
        FileKind("png", "image/png", "图片"),
        FileKind("webp", "image/webp", "图片"),
        FileKind("pdf", "application/pdf", "PDF"),
        FileKind("docx", f"{_OFFICE}.wordprocessingml.document", "Word 文档"),
        FileKind("xlsx", f"{_OFFICE}.spreadsheetml.sheet", "Excel 表格"),
        FileKind("txt", "text/plain", "纯文本"),
        FileKind("mp3", "audio/mpeg", "录音"),
        FileKind("mp4", "video/mp4", "录像"),
    )
}

_FAMILIES = {
    "image/*": ("jpg", "jpeg", "png", "webp"),
    "audio/*": ("mp3",),
    "video/*": ("mp4",),
    "text/plain": ("txt",),
    "application/pdf": ("pdf",),
}


def extensions_of(accept: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(extensions that may be attached, words that name none we know) of an `accept` text.

    An empty text means every kind.
    """
    known: list[str] = []
    unknown: list[str] = []
    for word in (part.strip().lower() for part in accept.split(",")):
        if word in _FAMILIES:
            known.extend(_FAMILIES[word])
        elif word.removeprefix(".") in KINDS:
            known.append(word.removeprefix("."))
        elif word:
            unknown.append(word)
    return tuple(dict.fromkeys(known)) or tuple(KINDS), tuple(unknown)


def words_for(extensions: Sequence[str]) -> str:
    """The kinds in Chinese: “图片（jpg、png）、PDF”."""
    labels: dict[str, list[str]] = {}
    for extension in extensions:
        labels.setdefault(KINDS[extension].label, []).append(extension)
    return "、".join(
        label if label == "PDF" else f"{label}（{'、'.join(found)}）" for label, found in labels.items()
    )
