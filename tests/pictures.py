"""Pictures made in the test: plain ones, and one as a telephone takes it, with place, camera and comment."""

from __future__ import annotations

import io

from PIL import ExifTags, Image

PLACE = (30.0, 34.0, 12.5)
CAMERA = "Huayun P40"
COMMENT = "百灵巷七号阳台"
XMP = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf>GPSLatitude 30,34.2N</rdf></x:xmpmeta>"


def drawn(kind: str = "PNG", size: tuple[int, int] = (24, 16)) -> bytes:
    """A picture with nothing beside it; its left half is red, its right half blue."""
    out = io.BytesIO()
    halves(size).save(out, format=kind)
    return out.getvalue()


def halves(size: tuple[int, int] = (24, 16), mode: str = "RGB") -> Image.Image:
    """Red on the left, blue on the right."""
    picture = Image.new(mode, size, "blue")
    picture.paste(Image.new(mode, (size[0] // 2, size[1]), "red"), (0, 0))
    return picture


def taken(kind: str, orientation: int = 1) -> bytes:
    """As a telephone takes it: where, with what, turned how, and a comment."""
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = CAMERA
    exif[ExifTags.Base.Orientation] = orientation
    where = exif.get_ifd(ExifTags.IFD.GPSInfo)
    where[ExifTags.GPS.GPSLatitudeRef] = "N"
    where[ExifTags.GPS.GPSLatitude] = PLACE
    beside: dict[str, object] = {"exif": exif, "xmp": XMP} if kind != "PNG" else {"exif": exif}
    if kind == "JPEG":
        beside["comment"] = COMMENT.encode()
    out = io.BytesIO()
    halves().save(out, format=kind, **beside)
    return out.getvalue()
