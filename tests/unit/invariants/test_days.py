"""A task has a day by which it is done, or says why it has none."""

from __future__ import annotations

from tests.unit.invariants.cases import NO_DAY, drawn, person, refused

FREE = (
    '<extensionElements><camunda:properties><camunda:property name="noDeadline" value="没有规定期限"/>'
    "</camunda:properties></extensionElements>"
)


def test_a_task_with_neither_a_day_nor_a_reason_is_refused() -> None:
    elements = person("late") + person("free", inside=FREE)
    found = refused(drawn(elements, "s > late; late > free; free > e", "opinion_box"))
    assert [(problem.element_id, NO_DAY in problem.message) for problem in found] == [("late", True)]
