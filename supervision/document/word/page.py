"""The text of a Word document: as a page that looks like it, and as the lines a person edits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lxml import etree
from markupsafe import Markup, escape

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
STYLES = "word/styles.xml"
TITLE = "公文标题"
CLASSES = {
    "发文机关标志": "head",
    "发文字号": "no",
    "主送机关": "to",
    "署名": "sign",
    "成文日期": "sign",
    "版记": "imprint",
}
"""Names of Word styles, as the owner sees them, and what the house's style sheet calls them."""
KEPT_EMPTY = {"no"}
"""Its place is seen before there is a number."""


def styles_of(parts: Mapping[str, bytes]) -> Mapping[str, str]:
    """Style id → style name, for the styles of `CLASSES` and the title: Word renames the ids at will."""
    if STYLES not in parts:
        return {}
    found = {}
    for style in etree.fromstring(parts[STYLES]).iter(f"{W}style"):
        name = style.find(f"{W}name")
        given = name.get(f"{W}val", "") if name is not None else ""
        if given in CLASSES or given == TITLE:
            found[style.get(f"{W}styleId", "")] = given
    return found


def page_of(document: bytes, styles: Mapping[str, str]) -> str:
    """HTML of word/document.xml, one block a line."""
    body = etree.fromstring(document).find(f"{W}body")
    blocks = "\n".join(_block(child, styles) for child in _blocks(body) if child is not None)
    lines = "\n".join(line for line in blocks.splitlines() if line)
    return f'<article class="doc">\n{lines}\n</article>'


def text_of(document: etree._Element) -> str:
    """Its words, one paragraph a line, without empty ones."""
    lines = "\n".join("".join(_words(paragraph)) for paragraph in document.iter(f"{W}p"))
    return "\n".join(stripped for line in lines.splitlines() if (stripped := line.strip()))


def _blocks(body: etree._Element | None) -> Iterator[etree._Element]:
    """Paragraphs and tables, out of the content controls Word puts around them."""
    for child in body if body is not None else ():
        if child.tag == f"{W}sdt":
            yield from _blocks(child.find(f"{W}sdtContent"))
        elif child.tag in (f"{W}p", f"{W}tbl"):
            yield child


def _block(block: etree._Element, styles: Mapping[str, str]) -> str:
    if block.tag == f"{W}tbl":
        return _table(block, styles)
    name = _style(block, styles)
    kind = CLASSES.get(name, "")
    words = Markup("").join(_html(word) for word in _words(block))
    if not words.strip() and kind not in KEPT_EMPTY:
        return ""
    if name == TITLE:
        return Markup("<h1>{}</h1>").format(words)
    return Markup('<p class="{}">{}</p>' if kind else "<p>{1}</p>").format(kind, words)


def _table(table: etree._Element, styles: Mapping[str, str]) -> str:
    rows = []
    for row in table.iter(f"{W}tr"):
        cells = ("".join(_block(child, styles) for child in _blocks(cell)) for cell in row.findall(f"{W}tc"))
        rows.append("<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>")
    return f"<table>{''.join(rows)}</table>"


def _style(paragraph: etree._Element, styles: Mapping[str, str]) -> str:
    style = paragraph.find(f"{W}pPr/{W}pStyle")
    return styles.get(style.get(f"{W}val", ""), "") if style is not None else ""


def _words(paragraph: etree._Element) -> Iterator[str]:
    """Texts and line breaks in order; what was struck out with 修订 is a `w:delText` and stays out."""
    for node in paragraph.iter(f"{W}t", f"{W}br", f"{W}tab"):
        if node.tag == f"{W}t":
            yield node.text or ""
        elif node.tag == f"{W}br":
            yield "\n"
        elif node.getparent().tag == f"{W}r":
            yield "　"


def _html(word: str) -> Markup:
    return Markup("<br>") if word == "\n" else escape(word)
