"""Process instances, their history and variables in requests and answers."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from forms.api.schemas.kinds import TEXT, Body, Page, instant, number, page_of, text, variables, word
from forms.api.schemas.task import ID, following

STATUSES = ("active", "completed", "terminated")


class InstanceLine(Schema):
    """A process instance as a list shows it."""

    id = word("流程实例编号", example=ID)
    definition = word("流程包代码", example="complaint")
    version = number("流程版本", example=1)
    process_id = word("流程代码", example="complaint")
    business_key = word("案号等业务编号", example="TS-2026-0001")
    title = word("标题")
    status = word("active 进行中、completed 已结束、terminated 已终止", example="active")
    started_at = instant("启动时间")
    started_by = word("由谁启动")
    ended_at = instant("结束时间", null=True)


class Started(InstanceLine):
    """A new process instance and what is to be done in it."""

    next = following()


class InstanceWhole(InstanceLine):
    """A process instance and where it stands."""

    ended_with = fields.List(
        fields.String(), required=True, metadata={"description": "到达的结束事件的元素代码"}
    )
    cause_id = word("由哪个实例的消息启动", null=True)
    done = fields.List(fields.String(), required=True, metadata={"description": "走过的元素，最近的在后"})
    current = fields.List(
        fields.String(), required=True, metadata={"description": "正在等待的人工任务的元素"}
    )


class InstanceQuery(Page):
    """Which instances."""

    status = fields.String(
        load_default="",
        validate=validate.OneOf(("", *STATUSES), error=f"应为 {'、'.join(STATUSES)} 之一。"),
        error_messages=TEXT,
        metadata={"description": "只要这种状态的"},
    )
    process_id = text("只要这个流程的", most=100, load_default="")
    business_key = text("只要这个业务编号的", most=100, load_default="")


class NewInstance(Body):
    """What an instance is started with."""

    definition = text("流程包代码或流程代码", least=1, most=100, required=True, example="self_check")
    data = variables("启动时的变量", load_default=dict, example={"year": 2026})
    business_key = text("业务编号；不写则由系统给", least=1, most=100, load_default=None, example="A-1")


class HistoryLine(Schema):
    """One act of the record, without what was filled in."""

    seq = number("在本实例记录中的序号", example=1)
    at = instant("时间")
    kind = word("种类", example="task.completed")
    label = word("种类的说法", example="办理完成")
    element_id = word("元素代码，空即与元素无关", example="ut_triage")
    name = word("名称", example="审核要素")
    task_id = word("任务编号，空即与任务无关")
    actor = word("由谁", example="clerk1")
    hash = word("本条记录的哈希，与下一条相扣")


class Variables(Schema):
    """The variables of an instance."""

    variables = variables("变量名 → 值", required=True, example={"route": "受理"})


InstancePage = page_of(InstanceLine)
HistoryPage = page_of(HistoryLine)
