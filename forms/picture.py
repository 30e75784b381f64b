"""照片: keeps what a picture shows and drops what it says about whoever took it (place, time, camera).

EXIF with GPS, XMP, comments and thumbnails are gone from what is stored; the picture is turned the way the
camera held it. Every upload passes here, the public's above all: a photograph must not tell where the
complainant lives.
"""

from __future__ import annotations

import io
import struct
import threading
from typing import Any

from PIL import ExifTags, Image
from PIL.Image import Transpose

MOST_MEGAPIXELS = 50
MOST_PIXELS = MOST_MEGAPIXELS * 1_000_000
"""Unpacked, such a picture takes 200 MB; telephones make 12 to 50 megapixels by default."""

KINDS = {"jpg": "JPEG", "jpeg": "JPEG", "png": "PNG", "webp": "WEBP"}
"""Extension → the format as the library names it."""

BROKEN = "已损坏，打不开。请重新拍照，或用看图软件另存后再上传。"
TOO_LARGE = f"的像素太多（超过 {MOST_MEGAPIXELS} 百万像素），请缩小后再上传。"

_KEPT = ("icc_profile", "transparency")
"""Of what lies beside the pixels: how their colours are meant."""
_TURN = {
    2: Transpose.FLIP_LEFT_RIGHT,
    3: Transpose.ROTATE_180,
    4: Transpose.FLIP_TOP_BOTTOM,
    5: Transpose.TRANSPOSE,
    6: Transpose.ROTATE_270,
    7: Transpose.TRANSVERSE,
    8: Transpose.ROTATE_90,
}
"""EXIF orientation → how to turn the pixels so that it can be dropped."""
_WELL: dict[str, Any] = {"quality": 92}
_PACKED: dict[str, dict[str, Any]] = {"JPEG": {"quality": "keep"}, "WEBP": _WELL}
"""How tightly: a JPEG as it was, as long as its pixels are."""
_ONE_AT_A_TIME = threading.Lock()

Image.MAX_IMAGE_PIXELS = None  # the size is looked at here, before anything is unpacked


class BadPicture(Exception):
    """Its text ends a sentence that begins with the file's name."""


def clean_picture(content: bytes, extension: str) -> bytes:
    """The picture anew, in its own format; of an animation the first image.

    Raises:
        BadPicture: it cannot be read, or is too large.
    """
    kind = KINDS[extension]
    try:
        with (
            _ONE_AT_A_TIME,  # several large pictures at once would take the machine's memory
            Image.open(io.BytesIO(content), formats=(kind,)) as picture,
        ):
            if picture.width * picture.height > MOST_PIXELS:
                raise BadPicture(TOO_LARGE)
            return _anew(picture, kind)
    except (OSError, SyntaxError, ValueError, EOFError, MemoryError, Image.DecompressionBombError) as error:
        raise BadPicture(BROKEN) from error


def _anew(picture: Image.Image, kind: str) -> bytes:
    picture.load()
    options = _PACKED.get(kind, {})
    turn = _TURN.get(_orientation(picture))
    shown = picture if turn is None else picture.transpose(turn)
    if kind == "JPEG" and shown.format != "JPEG":  # turned, or one with a second picture behind it (MPO)
        options = _WELL
    kept: dict[str, Any] = {name: picture.info[name] for name in _KEPT if name in picture.info}
    shown.info.clear()
    out = io.BytesIO()
    shown.save(out, format=kind, **kept, **options)
    return out.getvalue()


def _orientation(picture: Image.Image) -> Any:
    """1 to 8, as the camera noted it; 1 where the note cannot be read: it says nothing about the pixels."""
    try:
        return picture.getexif().get(ExifTags.Base.Orientation, 1)
    except (OSError, SyntaxError, ValueError, TypeError, struct.error):
        return 1
