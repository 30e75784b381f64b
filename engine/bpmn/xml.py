"""Hardened XML: what people upload is read without DTD, entities, network, or unbounded size."""

from __future__ import annotations

from lxml import etree

from engine.bpmn.names import Xml
from engine.errors import DiagramError, Problem

MAX_BYTES = 2_000_000
MAX_NODES = 20_000
MAX_DEPTH = 100


def parse_xml(content: bytes, file: str = "") -> Xml:
    """The root element of `content`.

    Raises:
        DiagramError: not XML, too large, too deep, or with a DTD.
    """
    if len(content) > MAX_BYTES:
        raise _refused(
            file, f"文件应不超过 {MAX_BYTES // 1_000_000} MB，但是有 {len(content)} 字节：请拆成几个流程"
        )
    if _has_dtd(content):
        raise _refused(file, "文件不得含有 DTD 或实体（<!DOCTYPE、<!ENTITY）：请从建模工具重新导出")
    try:
        root = etree.fromstring(content, _parser())
    except (etree.XMLSyntaxError, ValueError) as error:
        raise _refused(file, f"不是完整的 XML 文件（{error}）：请从建模工具重新导出") from error
    if root is None or root.getroottree().docinfo.doctype:
        raise _refused(file, "文件不得含有 DTD：请从建模工具重新导出")
    _bound(root, file)
    return root


def _parser() -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False,
        huge_tree=False, remove_comments=True, remove_pis=True,
    )  # fmt: skip


def _has_dtd(content: bytes) -> bool:
    """Looks through every encoding's zero bytes, so that UTF-16 hides nothing."""
    plain = content.replace(b"\0", b"").upper()
    return b"<!DOCTYPE" in plain or b"<!ENTITY" in plain


def _bound(root: Xml, file: str) -> None:
    count, stack = 0, [(root, 1)]
    while stack:
        node, depth = stack.pop()
        count += 1
        if count > MAX_NODES:
            raise _refused(file, f"图中的节点应不超过 {MAX_NODES} 个：请拆成几个流程")
        if depth > MAX_DEPTH:
            raise _refused(file, f"图中的嵌套应不超过 {MAX_DEPTH} 层：请拆成几个流程")
        stack.extend((child, depth + 1) for child in node)


def _refused(file: str, message: str) -> DiagramError:
    return DiagramError([Problem("", message, file=file)])
