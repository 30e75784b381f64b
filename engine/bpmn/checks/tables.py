"""Decision tables that leave cases open, or hold rules that are never used."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from engine.bpmn.dmn.model import Decision
from engine.bpmn.dmn.unary import Anything
from engine.errors import Problem


def tables(decision: Decision) -> Iterator[Problem]:
    """Problems of one table."""
    tell = partial(Problem, decision.id, file=decision.file)
    catch_all = _catch_all(decision)
    if decision.single and catch_all is None:
        closing = "请在表末加一行全部为“-”的兜底规则"
        if decision.hit_policy in ("FIRST", "PRIORITY"):
            yield tell(f"没有兜底规则，都不符合时流程会出错：{closing}")
        else:
            yield tell("没有兜底规则：请确认各条规则合起来覆盖了所有情形", "warning")
    if decision.hit_policy == "FIRST" and catch_all is not None and catch_all < len(decision.rules):
        yield tell(f"第 {catch_all} 条规则总是符合，它之后的规则永远不会用到：请调整顺序")


def _catch_all(decision: Decision) -> int | None:
    """Number of the first rule that asks nothing."""
    asking = (
        rule.number for rule in decision.rules if all(isinstance(test, Anything) for test in rule.tests)
    )
    return next(asking, None)
