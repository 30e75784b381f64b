"""Deadlines and their proofs in answers."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields

from forms.api.schemas.kinds import day, instant, number, page_of, word, yes
from forms.api.schemas.task import ID

STATUSES = "running 运行中、suspended 已中止、finished 已办结、cancelled 已取消"
DAY, INSTANT = {"format": "date"}, {"format": "date-time"}


def _iso(about: str, form: dict[str, str], *, null: bool = False) -> fields.String:
    """A date or an instant that is text already."""
    return fields.String(required=True, allow_none=null, metadata={"description": about, **form})


def _levels() -> fields.Dict:
    return fields.Dict(
        keys=fields.String(),
        values=fields.String(metadata=DAY),
        required=True,
        metadata={"description": "督办阶梯：L1 黄灯（当日到期的没有）、L2 红灯、L3、L4 → 当级的第一天"},
    )


def _many(item: type[Schema], about: str) -> fields.List:
    return fields.List(fields.Nested(item), required=True, metadata={"description": about})


def _terms(about: str) -> fields.Dict:
    return fields.Dict(required=True, metadata={"description": about})


class DeadlineLine(Schema):
    """A deadline as a list shows it."""

    id = word("期限编号", example=ID)
    key = word("规则的键", example="CP-HANDLE")
    name = word("环节", example="办理（交办、调查、认定）")
    element_id = word("流程图中的元素代码，流程本身的期限是流程代码", example="sub_handle")
    unit_code = word("由哪个单位办理，null 即不限", null=True)
    status = word(STATUSES, example="running")
    start_on = day("起算日，不计入")
    due_on = day("最后一天（北京时间）")
    due_at = instant("届满时刻")
    amber_on = day("预警日，null 即没有", null=True)
    provisional = yes("是否暂定：涉及还没有公布放假安排的年份")
    extended_by = number("共延长多少，单位与期限相同", example=0)
    started_at = instant("开始时间")
    finished_at = instant("办结或取消的时间", null=True)


class ProvedDay(Schema):
    """A day after the end of the period."""

    on = _iso("日期", DAY)
    weekday = word("周几", example="周四")
    workday = yes("是否工作日（含调休上班）")
    reason = word("为什么是或不是工作日", example="国庆节放假")


class CountedDay(ProvedDay):
    """A day of the period."""

    counted = fields.Integer(
        required=True, allow_none=True, metadata={"description": "计入的第几日，null 即不计入"}
    )
    why = word("为什么计入或不计入", example="计入第 1 日")


class CalendarYear(Schema):
    """A year that took part."""

    year = number("年份", example=2026)
    source = word("放假通知及文号")
    provisional = yes("是否还没有通知")


class Extension(Schema):
    """An extension."""

    on = _iso("批准日", DAY)
    days = number("延长多少，单位与期限相同", example=10)
    reason = word("理由")
    by = word("批准人")


class Pause(Schema):
    """A suspension that is over; the days after its first up to its last do not count."""

    begins_on = _iso("中止日", DAY)
    ends_on = _iso("恢复日", DAY)
    reason = word("理由")
    clause = word("依据")
    by = word("中止人")
    resumed_by = word("恢复人")


class Restart(Schema):
    """The period began anew."""

    on = _iso("哪一天决定", DAY)
    was_start_on = _iso("原来的起算日", DAY)
    was_due_on = _iso("原来的到期日", DAY)
    start_on = _iso("新的起算日", DAY)
    reason = word("理由")
    clause = word("依据")
    by = word("决定人")


class Suspension(Schema):
    """A suspension that lasts."""

    since = _iso("中止日", DAY)
    reason = word("理由")
    clause = word("依据")
    by = word("中止人")


class ProofResult(Schema):
    """What the counting came to."""

    due_on = _iso("到期日", DAY)
    legal_on = _iso("法定的最后一日，固定日期遇休息日时晚于到期日", DAY)
    due_at = _iso("届满时刻", INSTANT)
    amber_on = _iso("预警日", DAY, null=True)
    levels = _levels()
    provisional = yes("是否暂定")


class Proof(Schema):
    """How every day was counted; `ducha due --verify` recomputes it from itself."""

    format = word("格式", example="ducha.deadline.proof/2")
    key = word("规则的键", example="CP-HANDLE")
    step = word("环节", example="P3 投诉办结")
    length = word("长度", example="15 个工作日，自受理起")
    origin = word("来源与依据")
    rule = _terms(
        "规则的全部条款：value、unit、extension、cap、shift、ladder、reference、sources、tag、ends_at"
    )
    rule_version = word("规则版本（SHA-256）")
    calendar_version = word("日历版本（SHA-256）")
    calendar = _many(CalendarYear, "涉及的年份")
    start_event = word("起算事件", example="受理")
    start_on = _iso("起算日，不计入", DAY)
    extended_by = number("共延长多少", example=0)
    extensions = _many(Extension, "各次延期")
    restarts = _many(Restart, "重新起算")
    pauses = _many(Pause, "中止（已恢复的）")
    suspended = fields.Nested(
        Suspension, required=True, allow_none=True, metadata={"description": "还没有恢复的中止"}
    )
    days = _many(CountedDay, "从起算日到期满日的每一天")
    days_after = _many(ProvedDay, "届满以后到 L4 的每一天")
    result = fields.Nested(ProofResult, required=True)
    text = fields.List(fields.String(), required=True, metadata={"description": "同样的内容，用文字说明"})
    about = _terms("哪个案件的哪项期限：id、case、name、unit、status、finished_at")
    digest = word("摘要：其余各项的 SHA-256（JSON，键排序，无空格，UTF-8）")


class DeadlineProved(Schema):
    """A deadline with its proof: the same as the file that the page exports."""

    id = word("期限编号", example=ID)
    case = word("案号等业务编号", example="TS-2026-0001")
    name = word("环节", example="办理（交办、调查、认定）")
    unit = word("由哪个单位办理，空即不限")
    status = word(STATUSES, example="running")
    finished_at = _iso("办结或取消的时间", INSTANT, null=True)
    key = word("规则的键", example="CP-HANDLE")
    due = _iso("最后一天（北京时间）", DAY)
    due_at = _iso("届满时刻", INSTANT)
    amber = _iso("预警日，null 即没有", DAY, null=True)
    levels = _levels()
    provisional = yes("是否暂定：涉及还没有公布放假安排的年份")
    proof = fields.Nested(Proof, required=True)


DeadlinePage: Any = page_of(DeadlineLine)
