"""Hostile and broken files are refused in Chinese, before anything is built from them."""

from __future__ import annotations

import pytest

from engine.bpmn.compile import compile_bundle
from engine.bpmn.xml import MAX_BYTES, parse_xml
from engine.errors import DiagramError

HOSTILE = {
    "external entity": b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
    "billion laughs": b'<!DOCTYPE a [<!ENTITY l "ha"><!ENTITY m "&l;&l;&l;">]><a>&m;</a>',
    "parameter entity": b'<!DOCTYPE a [<!ENTITY % p SYSTEM "http://example.org/x.dtd">%p;]><a/>',
    "external DTD": b'<!DOCTYPE a SYSTEM "http://example.org/x.dtd"><a/>',
    "lower-case doctype": b"<!doctype a><a/>",
    "doctype after much space": b"<?xml version='1.0'?>" + b" " * 9000 + b"<!DOCTYPE a><a/>",
    "doctype in UTF-16": '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE a><a/>'.encode("utf-16"),
    "undeclared entity": b"<a>&passwd;</a>",
    "cut off": b"<a><b></a>",
    "empty": b"",
    "not XML": b"\x89PNG\r\n",
    "binary zeros": b"\0" * 100,
    "too large": b"<a>" + b" " * MAX_BYTES + b"</a>",
    "too many nodes": b"<a>" + b"<b/>" * 20_001 + b"</a>",
    "too deep": b"<a>" * 150 + b"</a>" * 150,
    "deep beyond the parser": b"<a>" * 5000 + b"</a>" * 5000,
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_file_is_refused(content: bytes) -> None:
    with pytest.raises(DiagramError) as caught:
        parse_xml(content, "x.bpmn")
    assert caught.value.problems[0].file == "x.bpmn"
    assert any("一" <= letter <= "鿿" for letter in caught.value.problems[0].message)


def test_a_harmless_file_is_read_without_its_comments() -> None:
    root = parse_xml("<a><!-- 注释 --><?pi x?><b>文字</b></a>".encode())
    assert [child.tag for child in root] == ["b"]


def test_all_broken_files_of_a_bundle_are_told_at_once() -> None:
    with pytest.raises(DiagramError) as caught:
        compile_bundle({"a.bpmn": b"<a>", "b.dmn": b"<!DOCTYPE x><x/>", "c.bpmn": b"<other/>"})
    assert [problem.file for problem in caught.value.problems] == ["a.bpmn", "b.dmn", "c.bpmn"]
