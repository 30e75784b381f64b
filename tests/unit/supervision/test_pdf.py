"""PDF of a document: by LibreOffice where it is installed, else a sentence that says what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.errors import Conflict
from supervision.document.word.pdf import office, pdf_of


def installed(folder: Path, does: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program of that name that does what the lines of shell say."""
    program = folder / "soffice"
    program.write_text(f"#!/bin/sh\n{does}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")


def test_the_pdf_is_made_of_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    installed(tmp_path, 'for last; do :; done; cp "$last" "${last%.docx}.pdf"', monkeypatch)
    assert pdf_of(b"the file") == b"the file"


def test_without_libreoffice_a_person_reads_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert office() == ""
    with pytest.raises(Conflict, match="请下载 Word 定稿"):
        pdf_of(b"the file")


def test_a_program_that_fails_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    installed(tmp_path, "exit 1", monkeypatch)
    with pytest.raises(Conflict, match="没能生成"):
        pdf_of(b"the file")
