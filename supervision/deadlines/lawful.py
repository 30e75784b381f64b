"""What the law fixes in the deadline rules: a default may change, a legal period may not be worsened."""

from __future__ import annotations

from collections.abc import Iterator

from engine.deadline.citation import in_words
from engine.deadline.rule import Extension, Rule, RuleSet
from engine.deadline.rule_words import amount_in_words
from engine.errors import InvalidData


def is_law(rule: Rule) -> bool:
    """Whether a text of law gives the length; what is only like a law (参照) is ours to set."""
    return "source" in rule.tag


def refuse_unlawful(old: RuleSet, new: RuleSet) -> None:
    """Returns when `new` may follow `old`.

    Raises:
        InvalidData: keyed by rule, each sentence with the clause.
    """
    errors = {key: found for key, rule in old.items() if (found := list(_problems(rule, new.get(key))))}
    if errors:
        raise InvalidData(errors)


def _problems(old: Rule, new: Rule | None) -> Iterator[str]:
    if new is None:
        yield f"“{old.step}”被删去了：流程图和在办期限按这个键引用它，请保留。"
        return
    cited = in_words(old.reference, old.sources)
    if old.cap and (new.cap is None or new.cap.unit != old.cap.unit or new.cap.value > old.cap.value):
        yield f"“{old.step}”的法定上限 {amount_in_words(old.cap)}不能取消或放宽（{cited}）。"
    if not is_law(old):
        return
    law = f"依据{cited}"
    if not is_law(new):
        yield f"“{old.step}”的期限有明文规定（{law}），来源不能改为“{new.tag}”。"
    if new.unit != old.unit or new.month_day != old.month_day:
        yield f"“{old.step}”的单位和固定日期由法律规定（{law}），不能修改。"
        return
    minimum = old.minimum or new.minimum
    if new.value > old.value and not minimum:
        yield (
            f"“{old.step}”的法定最长期限是 {amount_in_words(old)}（{law}），"
            f"不能延长为 {amount_in_words(new)}。"
        )
    if old.minimum and not new.minimum:
        yield f"“{old.step}”是法律给当事人的时间（{law}），不能去掉 minimum。"
    if new.value < old.value and minimum:
        yield (
            f"“{old.step}”的 {amount_in_words(old)}是法律给当事人的时间（{law}），"
            f"不能缩短为 {amount_in_words(new)}。"
        )
    if _longest(new.extension) > _longest(old.extension):
        yield f"“{old.step}”的延期由法律规定（{law}），不能增加次数或每次的长度。"
    if new.shift and not old.shift:
        yield f"“{old.step}”期满不顺延（{law}），不能改为顺延。"


def _longest(extension: Extension | None) -> int:
    """The most that all extensions together add, in the rule's unit."""
    return extension.n * extension.max if extension else 0
