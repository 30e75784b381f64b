"""The indicators by key: what each is called, how it is counted, and the one query that counts it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy.orm import Session

from engine.deadline.citation import place_of
from engine.errors import NotFound
from supervision.statistics import accountability, complaints, rectifications
from supervision.statistics.cards import cards_of
from supervision.statistics.figure import Figure, Period, Query

LEVELS = ("情节轻微影响较小", "影响正常工作或造成群众损失", "情节严重影响较大")
"""情节 of R11(1) to R11(3), as measures.dmn names them."""


@dataclass(frozen=True)
class Measure:
    """`formula` says in one sentence what is divided by what, for whoever reads the number."""

    key: str
    label: str
    group: str
    formula: str
    query: Query


def value(session: Session, key: str, period: Period, unit: str | None = None) -> Figure:
    """The figure of an indicator over what the session's viewer may see. Raises NotFound for another key."""
    measure = MEASURES.get(key)
    if measure is None:
        raise NotFound(f"没有名为“{key}”的统计指标")
    return measure.query(session, period, unit)


def _complaints() -> Iterator[Measure]:
    group = "投诉"
    yield Measure("complaints", "登记数", group, "本期收到的投诉", complaints.registered)
    formula = "受理数÷登记数（合并、引导、存查的除外）"
    yield Measure("acceptance", "受理率", group, formula, complaints.acceptance)
    formula = "已办结÷应办结（已受理且本期到期，或本期办结）"
    yield Measure("completion", "办结率", group, formula, complaints.completion)
    formula = "按期办结÷本期到期（逾期未办的算逾期，依法延期的算按期）"
    yield Measure("punctuality", "按期率", group, formula, complaints.punctuality)
    yield Measure("extended", "延期率", group, "延长过办理期限的÷办结数", complaints.extended)
    yield Measure("redone", "退回重办率", group, "审核退回重办过的÷办结数", complaints.redone)
    yield Measure("reassigned", "异议改派率", group, "承办单位异议成立改派的÷办结数", complaints.reassigned)
    formula = "结果已公开÷应公开（依法不公开的除外）"
    yield Measure("publicity", "公开率", group, formula, complaints.publicity)
    yield Measure("substantiated", "属实率", group, "属实和部分属实÷办结数", complaints.substantiated)
    yield Measure("satisfaction", "满意率", group, "满意和基本满意÷有效回访", complaints.satisfaction)


def _follow_up() -> Iterator[Measure]:
    group = "整改"
    yield Measure("rectifications", "应整改", group, "本期立项（无需整改的除外）", rectifications.opened)
    yield Measure("corrected", "整改率", group, "验收合格÷应整改", rectifications.corrected)
    formula = "按期报告÷本期报告和逾期未报"
    yield Measure("rectify_on_time", "整改按期率", group, formula, rectifications.reported_on_time)
    formula = "未经再整改即合格÷本期验收完毕"
    yield Measure("passed_at_once", "一次验收合格率", group, formula, rectifications.passed_at_once)
    yield Measure("relapsed", "反弹率", group, "反弹÷已回头看", rectifications.relapsed)
    for key, colour in (("yellow", "黄牌"), ("red", "红牌")):
        yield Measure(key, colour, "红黄牌", "本期亮牌（已撤销的除外）", cards_of(colour))


def _accountability() -> Iterator[Measure]:
    group = "问责"
    yield Measure("clues", "线索数", group, "本期登记的线索", accountability.clues)
    for word in ("予以问责", "免予问责", "不予问责", "撤销案件"):
        formula = "本期作出决定的人次"
        yield Measure(f"decided:{word}", word, group, formula, accountability.decisions_of(word))
    for word in ("全部责任", "主要责任", "次要责任"):
        query = accountability.respondents_of("responsibility", word)
        yield Measure(f"R10:{word}", word, "责任区分（第十条）", "予以问责的人次", query)
    for law, last in (("R8", 10), ("R9", 6)):
        for item in range(1, last + 1):
            ground = f"{law}({item})"
            query = accountability.clues_of(ground)
            yield Measure(ground, place_of(ground), "线索所涉条款（第八条、第九条）", "本期登记的线索", query)
    for item, word in enumerate(LEVELS, 1):
        query = accountability.respondents_of("level", word)
        group = "责任追究档次（第十一条）"
        yield Measure(f"R11({item})", word, group, "予以问责的人次和单位次", query)
    yield Measure(
        "R11(4)",
        "移送司法",
        "责任追究档次（第十一条）",
        "本期移送的人次",
        accountability.decisions_of("移送"),
    )
    formula = "复核变更、撤销的决定÷本期问责决定"
    yield Measure("correction", "复核纠错率", "复核", formula, accountability.correction)


MEASURES: dict[str, Measure] = {
    measure.key: measure for measure in (*_complaints(), *_follow_up(), *_accountability())
}
"""Key → indicator, in the order of the page."""
