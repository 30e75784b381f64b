"""What an uploaded file really is: magic bytes, and for the zipped formats what is inside.

`fault_of` ends a sentence that begins with the file's name.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable

import puremagic

MOST_ENTRIES = 5000
MOST_UNPACKED_BYTES = 300 * 1024 * 1024
MOST_RATIO = 200
"""Unpacked to packed size that makes a bomb of what unpacks to more than BOMB_FLOOR_BYTES."""
BOMB_FLOOR_BYTES = 20 * 1024 * 1024

BOMB = "解压后过大，可能是有害文件，不能上传。"
BROKEN = "已损坏或加了密码，请用办公软件打开后另存，再上传。"
MACRO = "含有宏，不能上传。请另存为不含宏的文件后再上传。"

_MARKUP = re.compile(rb"<(?:!doctype|\?xml|html|head|body|script|svg|iframe|meta)\b", re.IGNORECASE)
_EXECUTABLE = (b"MZ", b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe")


def fault_of(content: bytes, extension: str) -> str:
    """Why the content cannot be what `extension` says, in Chinese; empty when it can."""
    if not content:
        return "是空文件，请检查后重新上传。"
    if content.startswith(_EXECUTABLE):
        return "的内容是程序，不能上传。"
    return _CHECKS[extension](content)


def _begins(*magic: bytes, at: int = 0) -> Callable[[bytes], str]:
    """A check for one of the beginnings."""

    def check(content: bytes) -> str:
        return "" if content.startswith(magic, at) else _mismatch(content)

    return check


def _mismatch(content: bytes) -> str:
    """The sentence for content that is something else, with our guess what."""
    try:
        guess = puremagic.from_string(content[:4096]).lstrip(".").upper()
    except (puremagic.PureError, ValueError):
        guess = ""
    what = f"，看起来是 {guess}" if re.fullmatch(r"[A-Z0-9]{2,5}", guess) else ""
    return f"的内容与扩展名不符{what}。请确认文件没有改过名，再重新上传。"


def _mp3(content: bytes) -> str:
    """An ID3 tag, or the eleven set bits every MPEG audio frame begins with."""
    frame = len(content) > 1 and content[0] == 0xFF and content[1] & 0xE0 == 0xE0
    return "" if content.startswith(b"ID3") or frame else _mismatch(content)


def _text(content: bytes) -> str:
    """Readable characters (UTF-8, UTF-16 with its mark, or GB 18030) that are no page."""
    if _MARKUP.search(content[:4096]):
        return "的内容是网页代码，不能上传。"
    encoding = "utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    for codec in (encoding, "gb18030"):
        try:
            return _mismatch(content) if "\x00" in content.decode(codec) else ""
        except UnicodeDecodeError:
            continue
    return _mismatch(content)


def _office(folder: str) -> Callable[[bytes], str]:
    """A check for an Office Open XML package whose main part lies in `folder`."""

    def check(content: bytes) -> str:
        if content.startswith(
            b"\xd0\xcf\x11\xe0"
        ):  # how Office packs a file with a password, and the old formats
            return BROKEN
        if not content.startswith(b"PK\x03\x04"):
            return _mismatch(content)
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as package:
                return _package_fault(package.infolist(), len(content), folder)
        except (zipfile.BadZipFile, NotImplementedError, ValueError, EOFError, OSError):
            return BROKEN

    return check


def _package_fault(entries: list[zipfile.ZipInfo], packed_bytes: int, folder: str) -> str:
    """Judged by the directory of the package alone; nothing is unpacked here."""
    unpacked = sum(entry.file_size for entry in entries)
    names = [entry.filename for entry in entries]
    if len(entries) > MOST_ENTRIES or unpacked > MOST_UNPACKED_BYTES:
        return BOMB
    if unpacked > BOMB_FLOOR_BYTES and unpacked > MOST_RATIO * packed_bytes:
        return BOMB
    if any(entry.flag_bits & 1 for entry in entries):
        return BROKEN
    if any(name.endswith("vbaProject.bin") for name in names):
        return MACRO
    if "[Content_Types].xml" not in names or not any(name.startswith(folder) for name in names):
        return "的内容与扩展名不符。请确认文件没有改过名，再重新上传。"
    return ""


_CHECKS: dict[str, Callable[[bytes], str]] = {
    "jpg": _begins(b"\xff\xd8\xff"),
    "jpeg": _begins(b"\xff\xd8\xff"),
    "png": _begins(b"\x89PNG\r\n\x1a\n"),
    "webp": _begins(b"WEBP", at=8),
    "pdf": _begins(b"%PDF-"),
    "docx": _office("word/"),
    "xlsx": _office("xl/"),
    "txt": _text,
    "mp3": _mp3,
    "mp4": _begins(b"ftyp", at=4),
}
