"""流程草稿: one person hands a bundle in, another publishes it."""

from __future__ import annotations

from typing import Any

from flask import Response

from engine.definition.publish import Check
from engine.errors import NotAllowed
from engine.store.tables import Definition
from forms.api.bearer import caller, database, need_role
from forms.api.paging import decode, page
from forms.api.resource import Resource
from forms.api.schemas.definition import EXAMPLE, Bundle, DraftLine, DraftPage, DraftWhole, Version
from forms.api.schemas.kinds import Page
from forms.services import now, services
from supervision.draft import Draft, draft_of, drafts, hand_in, release, withdraw

WHY = "流程由流程所有者起草和发布"
OWNERS = ("OWNER", "ADMIN")

resource = Resource("drafts", __name__, description="流程草稿：一人起草，另一人发布")


@resource.operation("GET", "/drafts", scope="definitions:write", query=Page, gives=DraftPage)
def list_drafts(query: dict[str, Any]) -> dict[str, Any]:
    """草稿列表

    等待发布的全部草稿。
    """
    need_role(WHY, *OWNERS)
    place = decode(query["after"], str)
    found = drafts(database(), after=place[0] if place else "", limit=query["limit"] + 1)
    return page(found, query["limit"], lambda row: (row.id,))


@resource.operation(
    "POST", "/definitions/<key>/drafts", scope="definitions:write", body=Bundle, gives=DraftLine, status=201,
    takes=EXAMPLE,
)  # fmt: skip
def create_draft(body: dict[str, Any], key: str) -> Draft:
    """提交草稿

    一次提交流程文件夹的全部文件。通过发布前的全部检查才会收下，否则返回 422，problems 中列出每一处问题。
    """
    need_role(WHY, *OWNERS)
    return hand_in(
        database(), key, body["files"], note=body["note"], check=_check(), actor=caller().actor, now=now()
    )


@resource.operation(
    "GET", "/drafts/<draft_id>", scope="definitions:write", gives=DraftWhole, problems=(404,)
)  # fmt: skip
def get_draft(draft_id: str) -> dict[str, Any]:
    """一份草稿

    连同全部文件。
    """
    need_role(WHY, *OWNERS)
    draft, files = draft_of(database(), draft_id)
    return {**vars(draft), "files": files}


@resource.operation(
    "DELETE", "/drafts/<draft_id>", scope="definitions:write", gives=None, status=204, problems=(404,)
)  # fmt: skip
def delete_draft(draft_id: str) -> Response:
    """撤回草稿

    起草人或其他流程所有者都可以撤回；留有记录。
    """
    need_role(WHY, *OWNERS)
    withdraw(database(), draft_id, actor=caller().actor, now=now())
    return Response(status=204)


@resource.operation(
    "POST", "/drafts/<draft_id>/publish", scope="definitions:publish", gives=Version, status=201,
    problems=(404, 409),
)  # fmt: skip
def publish_draft(draft_id: str) -> Definition:
    """发布他人的草稿

    成为新版本，立即生效；进行中的实例仍按原版本。内容与已有版本相同的，就是那个版本。
    """
    need_role(WHY, *OWNERS)
    return release(database(), draft_id, check=_check(), actor=caller().actor, now=now())


def _check() -> Check:
    """Raises NotAllowed where the composition root gave none: nothing is published unchecked."""
    check = services().check
    if check is None:
        raise NotAllowed("本系统没有开放通过接口发布流程")
    return check
