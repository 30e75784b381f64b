"""Tasks in requests and answers."""

from __future__ import annotations

from marshmallow import Schema, fields

from forms.api.schemas.kinds import Body, Page, day, instant, number, page_of, text, variables, word, yes

ID = "5b0f1c2d3e4f5a6b7c8d9e0f1a2b3c4d"


class TaskLine(Schema):
    """A user task as a list shows it."""

    id = word("任务编号", example=ID)
    name = word("任务名称", example="审核要素")
    status = word("open 待办、completed 已办、cancelled 已取消", example="open")
    instance_id = word("所属流程实例")
    title = word("流程实例的标题")
    business_key = word("案号等业务编号", example="TS-2026-0001")
    process_id = word("流程代码", example="complaint")
    element_id = word("流程图中的元素代码", example="ut_triage")
    form = word("表单代码，空即不用填写", example="triage")
    assignee = word("已签收或被指派的人，null 即待签收", null=True)
    unit_code = word("由哪个单位办理，null 即不限", null=True)
    priority = number("优先级，越大越先", example=50)
    created_at = instant("到达时间")
    due_on = day("最后一天（北京时间），null 即没有期限，或期限已中止", null=True)
    due_at = instant("届满时刻", null=True)


class TaskWhole(TaskLine):
    """A user task with what has to be filled in."""

    ended_at = instant("办结或取消的时间", null=True)
    completed_by = word("由谁办结", null=True)
    mine = yes("现在能否由密钥所属人员办理")
    components = fields.List(
        fields.Dict(),
        required=True,
        metadata={"description": "表单（form-js 的 components），不由其办理时为空"},
    )
    values = variables("表单打开时已有的内容", required=True)


class TaskQuery(Page):
    """Which tasks."""

    instance_id = text("只要这个流程实例的", most=32, load_default="")


class Answer(Body):
    """What a task is completed with."""

    data = variables(
        "表单各项的内容，与页面上填写的规则相同；没有表单的任务写 {}",
        required=True,
        example={"route": "受理", "reason": "属于政务公开投诉，要素齐全。"},
    )


class Following(Schema):
    """A task that opened and that the same person may do."""

    id = word("任务编号", example=ID)
    name = word("任务名称", example="起草告知书")


def following() -> fields.List:
    """Tasks that opened and that the same person may do."""
    return fields.List(
        fields.Nested(Following), required=True, metadata={"description": "随后到达、也由其办理的任务"}
    )


class Completed(Schema):
    """What completing a task did."""

    id = word("办结的任务", example=ID)
    instance_id = word("所属流程实例")
    next = following()


TaskPage = page_of(TaskLine)
