"""流程版本: what is published, its versions and files."""

from __future__ import annotations

from typing import Any

from flask import Response
from sqlalchemy import func, select

from engine.errors import NotFound
from engine.store.tables import Definition, DefinitionFile, DefinitionProcess
from forms.api.bearer import database
from forms.api.paging import decode, page
from forms.api.resource import Resource
from forms.api.schemas.definition import VersionPage, VersionWhole
from forms.api.schemas.kinds import Page
from forms.services import now

VERSION = "<int(min=1, max=1000000):version>"
KINDS = {".bpmn": "application/xml", ".dmn": "application/xml", ".form": "application/json"}
"""What a file is sent as; everything else is plain text, also HTML: a browser must not run it."""
PLAIN = "text/plain; charset=utf-8"

resource = Resource("definitions", __name__, description="流程版本与文件")


@resource.operation("GET", "/definitions", scope="definitions:read", query=Page, gives=VersionPage)
def list_definitions(query: dict[str, Any]) -> dict[str, Any]:
    """现行流程

    每个流程包现在生效的版本，按代码排列。
    """
    newest = (
        select(Definition.key, func.max(Definition.version).label("version"))
        .where(Definition.effective_from <= now())
        .group_by(Definition.key)
        .subquery()
    )
    rows = (
        select(Definition)
        .join(newest, (Definition.key == newest.c.key) & (Definition.version == newest.c.version))
        .order_by(Definition.key)
        .limit(query["limit"] + 1)
    )
    if place := decode(query["after"], str):
        rows = rows.where(Definition.key > place[0])
    return page(database().scalars(rows).all(), query["limit"], lambda row: (row.key,))


@resource.operation(
    "GET", "/definitions/<key>/versions", scope="definitions:read", query=Page, gives=VersionPage,
    problems=(404,),
)  # fmt: skip
def list_versions(query: dict[str, Any], key: str) -> dict[str, Any]:
    """一个流程的各个版本

    新的在前，包括还没有生效的。
    """
    rows = select(Definition).where(Definition.key == key).order_by(Definition.version.desc())
    if place := decode(query["after"], int):
        rows = rows.where(Definition.version < place[0])
    found = database().scalars(rows.limit(query["limit"] + 1)).all()
    if not found and not place:
        raise NotFound(f"Expected a published process {key!r}, but there is none")
    return page(found, query["limit"], lambda row: (row.version,))


@resource.operation(
    "GET", f"/definitions/<key>/versions/{VERSION}", scope="definitions:read", gives=VersionWhole,
    problems=(404,),
)  # fmt: skip
def get_version(key: str, version: int) -> dict[str, Any]:
    """一个版本

    连同文件清单和其中可以启动的流程。
    """
    session, found = database(), _version(key, version)
    files = select(DefinitionFile.path).where(DefinitionFile.definition_id == found.id)
    processes = select(DefinitionProcess.process_id).where(DefinitionProcess.definition_id == found.id)
    columns = {column.key: getattr(found, column.key) for column in Definition.__table__.columns}
    return {
        **columns,
        "files": session.scalars(files.order_by(DefinitionFile.path)).all(),
        "processes": session.scalars(processes.order_by(DefinitionProcess.process_id)).all(),
    }


@resource.operation(
    "GET", f"/definitions/<key>/versions/{VERSION}/files/<path:path>", scope="definitions:read", gives=None,
    problems=(404,), kinds=(*sorted(set(KINDS.values())), "text/plain"),
)  # fmt: skip
def get_file(key: str, version: int, path: str) -> Response:
    """一个文件

    与发布时逐字节相同：流程图和决策表是 XML，表单是 JSON，其余是文字。
    """
    found = _version(key, version)
    content = database().scalar(
        select(DefinitionFile.content).where(
            DefinitionFile.definition_id == found.id, DefinitionFile.path == path
        )
    )
    if content is None:
        raise NotFound(f"Expected a file {path!r} in {key} {version}, but there is none")
    kind = next((KINDS[end] for end in KINDS if path.endswith(end)), PLAIN)
    return Response(content, content_type=kind, headers={"Content-Disposition": "attachment"})


def _version(key: str, version: int) -> Definition:
    found = database().scalars(
        select(Definition).where(Definition.key == key, Definition.version == version)
    ).first()  # fmt: skip
    if found is None:
        raise NotFound(f"Expected version {version} of {key!r}, but there is none")
    return found
