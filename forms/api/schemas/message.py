"""Messages and signals in requests and answers."""

from __future__ import annotations

from marshmallow import Schema

from forms.api.schemas.kinds import Body, text, variables, word
from forms.api.schemas.task import ID


class Message(Body):
    """A declared message for exactly one receiver."""

    name = text(
        "消息名，须在 messages.toml 中登记", least=1, most=100, required=True, example="msg_supplement"
    )
    correlation = text(
        "关联键：接收方的业务编号或图中写明的值", least=1, most=100, required=True, example="TS-2026-0001"
    )
    payload = variables("随消息带去的变量", load_default=dict, example={"supplemented_on": "2026-03-02"})


class Signal(Body):
    """A signal for everybody who waits for it."""

    name = text("信号名", least=1, most=100, required=True, example="sig_holiday_notice")
    payload = variables("随信号带去的变量", load_default=dict, example={"year": 2027})


class Reached(Schema):
    """That a signal went out. Whom it reached is not told: it may be cases out of sight."""

    how = word("accepted 已发出", example="accepted")


class Outcome(Schema):
    """What became of a message."""

    how = word(
        "delivered 已送达、started 已启动流程；accepted 已收下，去向不在您的可见范围内或尚无接收方",
        example="delivered",
    )
    instance_id = word("接收的流程实例，看不到时为 null", example=ID, null=True)
