"""Process versions and drafts in requests and answers."""

from __future__ import annotations

import re

from marshmallow import Schema, ValidationError, fields, validate

from forms.api.schemas.kinds import NEEDED, OBJECT, TEXT, Body, instant, number, page_of, text, word
from forms.api.schemas.task import ID

MOST_FILES = 60
LONGEST_PATH = 200
_PART = r"[^./\\\x00-\x1f][^/\\\x00-\x1f]*"
_PATH = re.compile(rf"{_PART}(/{_PART})*\.(bpmn|dmn|form|toml|html|md)")
PATH_WORDS = "应为流程文件夹内的相对路径，扩展名为 bpmn、dmn、form、toml、html 或 md。"
EXAMPLE = {"files": {"process.toml": 'key = "leave"', "leave.bpmn": "<definitions …/>"}, "note": "首次提交"}


def _inside_the_folder(path: str) -> None:
    if len(path) > LONGEST_PATH or not _PATH.fullmatch(path):
        raise ValidationError(PATH_WORDS)


class Version(Schema):
    """A published version."""

    id = word("版本编号", example=ID)
    key = word("流程包代码", example="complaint")
    version = number("版本", example=1)
    version_tag = word("版本标签")
    name = word("名称", example="投诉办理")
    digest = word("全部文件的 SHA-256")
    effective_from = instant("生效时间")
    published_at = instant("发布时间")
    published_by = word("起草人")
    approved_by = word("发布人")
    note = word("修改说明")


class VersionWhole(Version):
    """A published version with the names of its files and processes."""

    files = fields.List(fields.String(), required=True, metadata={"description": "文件的路径"})
    processes = fields.List(fields.String(), required=True, metadata={"description": "可以启动的流程的代码"})


class Bundle(Body):
    """The files of a process folder."""

    files = fields.Dict(
        required=True,
        keys=fields.String(
            validate=_inside_the_folder,
            error_messages=TEXT,
        ),
        values=fields.String(error_messages=TEXT),
        validate=validate.Length(1, MOST_FILES, error=f"应有 1 至 {MOST_FILES} 个文件。"),
        error_messages={**OBJECT, "required": NEEDED},
        metadata={"description": "路径 → 文件内容（文字）", "example": EXAMPLE["files"]},
    )
    note = text("修改说明", most=2000, load_default="", example="首次提交")


class DraftLine(Schema):
    """A draft that waits for a second person."""

    id = word("草稿编号", example=ID)
    key = word("流程包代码", example="leave")
    digest = word("全部文件的 SHA-256")
    note = word("修改说明")
    drafted_by = word("起草人")
    drafted_at = instant("提交时间")


class DraftWhole(DraftLine):
    """A draft with its files."""

    files = fields.Dict(
        keys=fields.String(),
        values=fields.String(),
        required=True,
        metadata={"description": "路径 → 文件内容"},
    )


VersionPage = page_of(Version)
DraftPage = page_of(DraftLine)
