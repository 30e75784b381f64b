"""Uploaded files: count, size, extension and content are checked before anybody stores them.

Nothing is stored here. The content must be what the extension says: a page or a program under the name
of a picture is refused. Pictures are taken in without what they say about place and camera (`picture`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field

from werkzeug.datastructures import FileStorage

from forms import picture
from forms.fields.file_kind import KINDS, words_for
from forms.fields.file_picker import FilePicker
from forms.upload_content import fault_of
from forms.upload_name import display_name, extension_of


@dataclass(frozen=True)
class Upload:
    """An accepted file; `filename` is safe to show, `media_type` is ours and not the browser's."""

    filename: str
    media_type: str
    size_bytes: int
    sha256: str
    content: bytes = field(repr=False)


def check_uploads(sent: Iterable[FileStorage], picker: FilePicker) -> tuple[list[Upload], list[str]]:
    """(accepted files, a Chinese sentence for each refused one). Empty file inputs are passed over."""
    accepted: list[Upload] = []
    faults: list[str] = []
    files = [file for file in sent if file.filename]
    if len(files) > picker.max_files:
        return [], [
            f"最多 {picker.max_files} 个文件，这次选了 {len(files)} 个，都没有上传。请减少后重新选择。"
        ]
    for file in files:
        upload = _checked(file, picker)
        if isinstance(upload, str):
            faults.append(upload)
        else:
            accepted.append(upload)
    return accepted, faults


def _checked(file: FileStorage, picker: FilePicker) -> Upload | str:
    """The accepted file, or why it is refused."""
    name, extension = display_name(file.filename or ""), extension_of(file.filename or "")
    if extension not in picker.extensions:
        return f"“{name}”的格式不允许，请上传{words_for(picker.extensions)}。"
    most_bytes = picker.max_mb * 1024 * 1024
    content = file.stream.read(most_bytes + 1)
    if len(content) > most_bytes:
        return f"“{name}”超过 {picker.max_mb} MB，请压缩后重新上传。"
    if fault := fault_of(content, extension):
        return f"“{name}”{fault}"
    if extension in picture.KINDS:
        try:
            content = picture.clean_picture(content, extension)
        except picture.BadPicture as bad:
            return f"“{name}”{bad}"
    digest = hashlib.sha256(content).hexdigest()
    return Upload(name, KINDS[extension].media_type, len(content), digest, content)
