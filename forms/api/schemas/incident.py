"""Incidents in requests and answers."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from forms.api.schemas.kinds import TEXT, Body, Page, instant, page_of, text, word
from forms.api.schemas.task import ID

STATUSES = ("open", "resolved")


class IncidentLine(Schema):
    """A step or job that failed. The data of the case are not part of it."""

    id = word("异常编号", example=ID)
    instance_id = word("流程实例", null=True)
    element_id = word("出错的元素", example="svc_number")
    message = word("发生了什么", example="服务主题没有登记的处理程序")
    status = word("open 待处理、resolved 已处理", example="open")
    since = instant("发生时间")
    resolved_at = instant("处理时间", null=True)
    resolved_by = word("由谁处理", null=True)


class IncidentQuery(Page):
    """Which incidents."""

    status = fields.String(
        load_default="open",
        validate=validate.OneOf(STATUSES, error=f"应为 {'、'.join(STATUSES)} 之一。"),
        error_messages=TEXT,
        metadata={"description": "只要这种状态的，默认待处理的"},
    )


class Reason(Body):
    """Why something is done."""

    reason = text("理由，留在记录中", least=2, most=500, required=True, example="已补登放假安排")


IncidentPage = page_of(IncidentLine)
