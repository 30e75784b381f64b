"""Incidents and their repairs in requests and answers."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from forms.api.schemas.kinds import TEXT, Body, Page, anything, instant, page_of, text, word, yes
from forms.api.schemas.task import ID

STATUSES = ("open", "resolved")


class IncidentLine(Schema):
    """A step or job that failed. The data of the case are not part of it."""

    id = word("异常编号", example=ID)
    instance_id = word("流程实例，null 即不属于任何实例", null=True)
    element_id = word("出错的元素", example="svc_number")
    message = word("发生了什么", example="服务主题没有登记的处理程序")
    status = word("open 待处理、resolved 已处理", example="open")
    since = instant("发生时间")
    resolved_at = instant("处理时间", null=True)
    resolved_by = word("由谁处理", null=True)
    resolution = word("retried 已重试、moved 已移动、cancelled 已取消流程、closed 已关闭；空即待处理")
    reason = word("处理的理由")


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


class Retried(Schema):
    """What trying again came to."""

    incident = fields.Nested(IncidentLine, required=True, metadata={"description": "原来的异常，已经关闭"})
    failed = word("再次失败而产生的新异常，null 即没有", null=True)
    queued = yes("是否已排队，稍后由调度重试")


class NewValue(Reason):
    """A variable's value as it should be."""

    value = anything("新的值，任何 JSON 值", required=True, allow_none=True, example="2026-03-02")


class Changed(Schema):
    """A variable before and after."""

    name = word("变量名", example="accepted_on")
    before = fields.Raw(required=True, allow_none=True, metadata={"description": "原来的值"})
    after = fields.Raw(required=True, allow_none=True, metadata={"description": "现在的值"})


class Target(Schema):
    """An element a token may go to."""

    element_id = word("元素代码", example="ut_triage")
    name = word("元素名称", example="研判")


class Position(Schema):
    """Where a token stands and may go."""

    task_id = word("令牌编号", example=ID)
    element_id = word("所在的元素", example="svc_number")
    name = word("元素名称", example="编号")
    targets = fields.List(fields.Nested(Target), required=True, metadata={"description": "可以移到哪里"})


class Positions(Schema):
    """All tokens of an instance that may be moved."""

    items = fields.List(fields.Nested(Position), required=True)


class Moving(Reason):
    """Which token goes where."""

    task_id = text("令牌编号，见 moves", least=1, most=64, required=True, example=ID)
    target = text("移到的元素", least=1, most=100, required=True, example="ut_triage")


IncidentPage = page_of(IncidentLine)
