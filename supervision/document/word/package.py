"""A .docx is a zip of parts: read, and written so that the same parts always give the same bytes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MAIN = "word/document.xml"
LONG_AGO = (1980, 1, 1, 0, 0, 0)
"""The earliest moment a zip can write: no file tells when it was made."""
MAX_BYTES = 20 * 1024 * 1024
"""Of all parts together, unpacked: a template is a few pages of text and perhaps a crest."""


def read_parts(content: bytes) -> dict[str, bytes]:
    """Part name → content, in the order of the file.

    Raises:
        ValueError: not a .docx, or too large when unpacked.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            infos = [info for info in archive.infolist() if not info.is_dir()]
            if sum(info.file_size for info in infos) > MAX_BYTES:
                raise ValueError("解开后超过 20 MB")
            parts = {info.filename: archive.read(info) for info in infos}
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError) as error:
        raise ValueError("不是 Word 文件（.docx）") from error
    if MAIN not in parts:
        raise ValueError("不是 Word 文件（.docx）：里面没有正文")
    return parts


def write_parts(parts: Mapping[str, bytes]) -> bytes:
    """A zip of the parts without a time, an owner or a comment."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            info = zipfile.ZipInfo(name, LONG_AGO)
            info.compress_type, info.create_system, info.external_attr = zipfile.ZIP_DEFLATED, 3, 0o644 << 16
            archive.writestr(info, content)
    return buffer.getvalue()
