"""A Word file as PDF, by LibreOffice where it is installed. It runs in a process and a home of its own."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

from engine.errors import Conflict

PROGRAMS = ("soffice", "libreoffice")
SECONDS = 60
"""A document of some pages takes two; a machine that takes this long is in trouble."""


def office() -> str:
    """The program's path; '' where it is not installed."""
    return next((found for name in PROGRAMS if (found := shutil.which(name))), "")


def pdf_of(file: bytes) -> bytes:
    """Raises Conflict: LibreOffice is not installed, or did not do it."""
    program = office()
    if not program:
        raise Conflict("服务器没有安装 LibreOffice，不能生成 PDF：请下载 Word 定稿")
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "document.docx"
        source.write_bytes(file)
        words = [
            program, f"-env:UserInstallation=file://{folder}/home", "--headless", "--norestore",
            "--convert-to", "pdf", "--outdir", folder, str(source),
        ]  # fmt: skip
        try:
            subprocess.run(words, check=True, capture_output=True, timeout=SECONDS)
            return source.with_suffix(".pdf").read_bytes()
        except (subprocess.SubprocessError, OSError) as error:
            raise Conflict("LibreOffice 没能生成 PDF：请稍后再试，或者下载 Word 定稿") from error
