"""照片: what is stored shows the same and says nothing about place, time and camera."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from PIL import ExifTags, Image
from werkzeug.datastructures import FileStorage

from forms.fields.file_picker import FilePicker
from forms.picture import BadPicture, clean_picture
from forms.uploads import check_uploads
from tests.pictures import CAMERA, COMMENT, PLACE, XMP, drawn, halves, taken

SORTS = [("JPEG", "jpg"), ("JPEG", "jpeg"), ("PNG", "png"), ("WEBP", "webp")]


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


@pytest.mark.parametrize(("kind", "extension"), SORTS)
def test_place_camera_and_comment_are_gone(kind: str, extension: str) -> None:
    # given a picture that says where it was taken
    before = taken(kind)
    assert opened(before).getexif().get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] == PLACE
    # when
    after = clean_picture(before, extension)
    # then
    assert dict(opened(after).getexif()) == {}
    assert opened(after).getexif().get_ifd(ExifTags.IFD.GPSInfo) == {}
    assert not {"exif", "xmp", "comment"} & set(opened(after).info)
    for trace in (b"Exif", b"EXIF", b"eXIf", b"GPS", XMP, CAMERA.encode(), COMMENT.encode()):
        assert trace not in after


@pytest.mark.parametrize(("kind", "extension"), SORTS)
def test_the_picture_itself_stays(kind: str, extension: str) -> None:
    after = opened(clean_picture(taken(kind), extension))
    assert (after.format, after.size) == (kind, (24, 16))
    red, blue = after.convert("RGB").getpixel((4, 8)), after.convert("RGB").getpixel((20, 8))
    assert red[0] > 200 > red[2]
    assert blue[2] > 200 > blue[0]


@pytest.mark.parametrize(("kind", "extension"), SORTS)
@pytest.mark.parametrize(
    ("orientation", "size", "red_at"),
    [
        (2, (24, 16), (20, 8)),
        (3, (24, 16), (20, 8)),
        (4, (24, 16), (4, 8)),
        (5, (16, 24), (8, 4)),
        (6, (16, 24), (8, 4)),
        (7, (16, 24), (8, 20)),
        (8, (16, 24), (8, 20)),
    ],
)
def test_it_is_turned_the_way_the_camera_was_held(
    kind: str, extension: str, orientation: int, size: tuple[int, int], red_at: tuple[int, int]
) -> None:
    after = opened(clean_picture(taken(kind, orientation), extension)).convert("RGB")
    assert after.size == size
    assert after.getpixel(red_at)[0] > 200


def test_a_colour_profile_and_transparency_stay() -> None:
    # given
    out = io.BytesIO()
    clear = halves(mode="RGBA")
    clear.putpixel((0, 0), (0, 0, 0, 0))
    clear.save(out, format="PNG", icc_profile=b"profile")
    # when
    after = opened(clean_picture(out.getvalue(), "png"))
    # then
    assert after.info["icc_profile"] == b"profile"
    assert after.getpixel((0, 0)) == (0, 0, 0, 0)


def test_a_second_picture_behind_a_jpeg_is_dropped() -> None:
    out = io.BytesIO()
    halves().save(out, format="MPO", save_all=True, append_images=[Image.new("RGB", (24, 16), "green")])
    after = opened(clean_picture(out.getvalue(), "jpg"))
    assert (after.format, getattr(after, "n_frames", 1)) == ("JPEG", 1)


@pytest.mark.parametrize(
    ("content", "extension"),
    [
        (drawn("PNG")[:60], "png"),
        (drawn("JPEG")[:-40], "jpg"),
        (drawn("WEBP")[:40], "webp"),
        (b"\xff\xd8\xff\xe0" + b"\0" * 40, "jpg"),
        (b"RIFF\x10\0\0\0WEBPVP8 ", "webp"),
        (drawn("PNG"), "jpg"),
    ],
)
def test_what_cannot_be_opened_is_refused(content: bytes, extension: str) -> None:
    with pytest.raises(BadPicture, match="已损坏，打不开"):
        clean_picture(content, extension)


def enormous(width: int, height: int) -> bytes:
    """A PNG of a few bytes whose head announces that size."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0"))
        + chunk(b"IEND", b"")
    )


def test_a_picture_that_would_fill_the_memory_is_refused_unopened() -> None:
    with pytest.raises(BadPicture, match="像素太多（超过 50 百万像素）"):
        clean_picture(enormous(60_000, 60_000), "png")


def test_the_refusal_names_the_file_and_what_to_do() -> None:
    picker = FilePicker({"type": "filepicker", "key": "x", "label": "附件"})
    sent = FileStorage(io.BytesIO(drawn("PNG")[:60]), filename="门口.png")
    assert check_uploads([sent], picker) == (
        [],
        ["“门口.png”已损坏，打不开。请重新拍照，或用看图软件另存后再上传。"],
    )


def test_what_an_upload_hands_on_is_the_cleaned_picture() -> None:
    picker = FilePicker({"type": "filepicker", "key": "x", "label": "附件"})
    (upload,), faults = check_uploads([FileStorage(io.BytesIO(taken("JPEG")), filename="门口.jpg")], picker)
    assert faults == []
    assert CAMERA.encode() not in upload.content
    assert upload.size_bytes == len(upload.content)
