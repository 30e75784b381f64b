"""Small Word templates for tests: one string per paragraph, in the styles a template of the district has."""

from __future__ import annotations

from html import escape
from pathlib import Path

from supervision.document.word.package import MAIN, write_parts
from supervision.document.word.page import STYLES, TITLE

NAMESPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
BEGIN, END = "{%p block body %}", "{%p endblock %}"


def word(*paragraphs: str, title: str = "") -> bytes:
    """The bytes of a .docx; `title` stands first, in the style of titles."""
    body = "".join(
        f'<w:p><w:r><w:t xml:space="preserve">{escape(one, quote=False)}</w:t></w:r></w:p>'
        for one in paragraphs
    )
    head = f'<w:p><w:pPr><w:pStyle w:val="a1"/></w:pPr><w:r><w:t>{title}</w:t></w:r></w:p>' if title else ""
    return packed(head + body)


def packed(body: str) -> bytes:
    """A .docx around the XML of its paragraphs."""
    styles = f'<w:style w:type="paragraph" w:styleId="a1"><w:name w:val="{TITLE}"/></w:style>'
    return write_parts(
        {
            MAIN: f"<w:document {NAMESPACE}><w:body>{body}</w:body></w:document>".encode(),
            STYLES: f"<w:styles {NAMESPACE}>{styles}</w:styles>".encode(),
        }
    )


def save(folder: Path, name: str, *paragraphs: str, title: str = "") -> None:
    """`name`.docx in the folder's documents."""
    (folder / "documents" / f"{name}.docx").write_bytes(word(*paragraphs, title=title))
