"""Uploaded files: number, size, extension and content."""

from __future__ import annotations

import hashlib
import io
import zipfile

import pytest
from werkzeug.datastructures import FileStorage

from forms.fields.file_picker import FilePicker
from forms.picture import clean_picture
from forms.upload_name import LONGEST, display_name, extension_of
from forms.uploads import check_uploads
from tests.pictures import drawn

PNG = clean_picture(drawn("PNG"), "png")
JPG, WEBP = drawn("JPEG"), drawn("WEBP")
PDF = b"%PDF-1.7\n" + b"x" * 40


def package(*names, size=10, comment=b""):
    """A zip with these entries of `size` zero bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(zipfile.ZipInfo(name, (2026, 3, 2, 9, 0, 0)), b"\0" * size, zipfile.ZIP_DEFLATED)
        archive.comment = comment
    return out.getvalue()


DOCX = package("[Content_Types].xml", "word/document.xml")
XLSX = package("[Content_Types].xml", "xl/workbook.xml")


def sent(*files):
    return [FileStorage(io.BytesIO(content), filename=name) for name, content in files]


def picker(**properties):
    return FilePicker({"type": "filepicker", "key": "x", "label": "附件", "properties": properties})


def judge(name, content, **properties):
    """(accepted upload or None, sentence or '')"""
    accepted, faults = check_uploads(sent((name, content)), picker(**properties))
    return (accepted or [None])[0], "".join(faults)


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("a.png", PNG, "image/png"),
        ("a.pdf", PDF, "application/pdf"),
        ("a.docx", DOCX, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("a.xlsx", XLSX, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("a.txt", "说明：第一点<第二点".encode(), "text/plain"),
        ("a.txt", "说明".encode("gb18030"), "text/plain"),
        ("a.txt", "说明".encode("utf-16"), "text/plain"),
        ("a.mp3", b"ID3\x04" + b"\0" * 40, "audio/mpeg"),
        ("a.mp3", b"\xff\xfb\x90\x00" + b"\0" * 40, "audio/mpeg"),
        ("a.mp4", b"\0\0\0\x18ftypmp42" + b"\0" * 40, "video/mp4"),
    ],
)
def test_a_file_that_is_what_it_says_is_taken(name, content, media_type):
    upload, fault = judge(name, content)
    assert fault == ""
    assert (upload.media_type, upload.size_bytes, upload.content) == (media_type, len(content), content)
    assert upload.sha256 == hashlib.sha256(content).hexdigest()
    assert repr(content) not in repr(upload)


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [("a.jpg", JPG, "image/jpeg"), ("a.JPEG", JPG, "image/jpeg"), ("a.webp", WEBP, "image/webp")],
)
def test_a_picture_is_packed_anew(name, content, media_type):
    upload, fault = judge(name, content)
    assert (fault, upload.media_type, upload.size_bytes) == ("", media_type, len(upload.content))


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.exe", b"MZ\x90", "格式不允许"),
        ("a.svg", b"<svg onload='x'/>", "格式不允许"),
        ("a.html", b"<html>", "格式不允许"),
        ("a", PNG, "格式不允许"),
        ("a.png.exe", PNG, "格式不允许"),
        ("a.jpg", b"MZ\x90\x00", "是程序"),
        ("a.txt", b"#!/bin/sh\nrm", "是程序"),
        ("a.pdf", b"\x7fELF\x02", "是程序"),
        ("a.jpg", b"<svg xmlns='x'>", "与扩展名不符"),
        ("a.png", JPG, "与扩展名不符"),
        ("a.pdf", b"<html><script>", "与扩展名不符"),
        ("a.txt", b"  <!DOCTYPE html><p>", "网页代码"),
        ("a.txt", b"x <SCRIPT>alert(1)", "网页代码"),
        ("a.txt", b"ab\x00cd", "与扩展名不符"),
        ("a.txt", b"\xff\xff\xff\x01", "与扩展名不符"),
        ("a.mp3", PNG, "与扩展名不符"),
        ("a.mp4", PNG, "与扩展名不符"),
        ("a.docx", PNG, "与扩展名不符"),
        ("a.docx", XLSX, "与扩展名不符"),
        ("a.docx", package("word/document.xml"), "与扩展名不符"),
        ("a.docx", package("[Content_Types].xml", "word/vbaProject.bin"), "含有宏"),
        ("a.docx", b"\xd0\xcf\x11\xe0" + b"\0" * 40, "加了密码"),
        ("a.docx", DOCX[:30], "已损坏"),
        ("a.png", b"", "空文件"),
    ],
)
def test_everything_else_is_refused_with_its_name_and_the_reason(name, content, said):
    upload, fault = judge(name, content)
    assert upload is None
    assert said in fault
    assert fault.startswith("“a")
    assert fault.endswith("。")


def test_a_guess_of_what_it_really_is_helps():
    assert "看起来是 PNG" in judge("a.pdf", PNG)[1]


def test_zip_bombs_are_refused_unopened():
    bomb = package("[Content_Types].xml", "word/document.xml", size=15 * 1024 * 1024)
    assert len(bomb) < 100_000
    assert "解压后过大" in judge("a.docx", bomb)[1]
    assert "解压后过大" in judge("a.xlsx", package(*(f"xl/{n}" for n in range(5001)), size=0))[1]


def test_the_size_is_limited_per_file():
    big = PNG + b"\0" * (1024 * 1024)
    assert judge("a.png", big, maxMB="1")[1] == "“a.png”超过 1 MB，请压缩后重新上传。"
    assert judge("a.png", big, maxMB="2")[1] == ""


def test_too_many_files_are_refused_together():
    accepted, faults = check_uploads(sent(*[("a.png", PNG)] * 3), picker(maxFiles="2"))
    assert accepted == []
    assert faults == ["最多 2 个文件，这次选了 3 个，都没有上传。请减少后重新选择。"]


def test_an_empty_input_is_passed_over_and_a_bad_file_does_not_spoil_a_good_one():
    files = sent(("", b""), ("a.png", PNG), ("b.png", JPG))
    accepted, faults = check_uploads(files, picker(maxFiles="5"))
    assert [upload.filename for upload in accepted] == ["a.png"]
    assert len(faults) == 1


def test_the_field_says_which_kinds_it_takes():
    only_pdf = FilePicker({"type": "filepicker", "key": "x", "accept": ".pdf"})
    accepted, faults = check_uploads(sent(("a.png", PNG)), only_pdf)
    assert (accepted, faults) == ([], ["“a.png”的格式不允许，请上传PDF。"])


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("照片 1.JPG", "照片 1.JPG"),
        ("C:\\用户\\照片.jpg", "照片.jpg"),
        ("../../etc/passwd", "passwd"),
        ('a<b>:"|?*.pdf', "ab.pdf"),
        ("photo\u202egpj.exe", "photogpj.exe"),  # what turns the writing round is gone
        ("a\x00\r\n.txt", "a.txt"),
        ("..jpg", "附件.jpg"),
        (".jpg", "附件.jpg"),
        ("", "附件"),
        ("\u200b\u200b", "附件"),
        ("e\u0301.pdf", "\u00e9.pdf"),
        ("字" * 300 + ".pdf", "字" * (LONGEST - 4) + ".pdf"),
    ],
)
def test_names_are_safe_to_show(name, shown):
    assert display_name(name) == shown


def test_the_extension_is_that_of_the_name_as_shown():
    assert extension_of("a.jpg\u200b") == "jpg"
    assert extension_of("a.jpg/") == ""
    assert extension_of("README") == ""
