"""Reads how `processes/invariants.toml` names elements of a diagram.

``document:D23 deliver`` a call that issues D23 and delivers it; ``role:decision`` a document of that legal
role; ``call:publication``; ``topic:complaint.close outcome=已并案``; ``message:msg_clue`` what sends it;
``await:msg_defence`` what waits for it; ``form:F-AC-6``; ``rule:measures``; ``timer``;
``person``; ``id:end_x``.
Words behind the first narrow it; ``a | b`` is either.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from engine.bpmn.checks.messages import throws
from engine.bpmn.drawing import Element
from engine.bpmn.runs.question import Pick
from engine.errors import InvalidData

_CODE = re.compile(r"\bD\d\d\b")
_Test = Callable[[Element, str], bool]
WORDS = "document、role、call、topic、message、await、form、task、rule、deadline、timer、person、id、kind"


def selector(text: str, roles: Mapping[str, str]) -> Pick:
    """`roles`: document code → its legal role. Raises InvalidData for a word that means nothing."""
    choices = [_choice(part, roles) for part in text.split("|")]
    return lambda drawing, element: any(choice(element) for choice in choices)


def codes_of(element: Element) -> set[str]:
    """Codes of the documents that a call may issue."""
    if element.node.called != "document_issue":
        return set()
    given = [mapped.source for mapped in element.ins if mapped.target == "template_code"]
    return {code for source in given for code in _CODE.findall(source)}


def _choice(text: str, roles: Mapping[str, str]) -> Callable[[Element], bool]:
    first, *more = text.split()
    word, _, value = first.partition(":")
    if word == "role":
        wanted = {code for code, role in roles.items() if role == value}
        tests: list[Callable[[Element], bool]] = [lambda element: bool(codes_of(element) & wanted)]
    elif word in _TESTS:
        test = _TESTS[word]
        tests = [lambda element: test(element, value)]
    else:
        raise InvalidData({"invariants.toml": [f"“{text}”应以 {WORDS} 之一开头"]})
    tests += [_narrowing(part) for part in more]
    return lambda element: all(test(element) for test in tests)


def _narrowing(word: str) -> Callable[[Element], bool]:
    """``deliver``: the call gives it, and not as False. ``outcome=…``: a property, or what the call gives."""
    name, _, value = word.partition("=")

    def holds(element: Element) -> bool:
        given = next((m.source for m in element.ins if m.target == name), element.node.properties.get(name))
        if given is None:
            return False
        return given.strip("'\"") == value if value else given not in ("False", "")

    return holds


def _document(element: Element, value: str) -> bool:
    """A document that may be refused is not one that is surely issued."""
    may_refuse = any(m.target == "may_refuse" and m.source != "False" for m in element.ins)
    return codes_of(element) == {value} and not may_refuse


def _sends(element: Element, value: str) -> bool:
    return throws(element) and element.trigger.awaited == value


def _awaits(element: Element, value: str) -> bool:
    return not throws(element) and element.trigger.awaited == value


def _timer(element: Element, value: str) -> bool:
    """Any timer; with a value one that names that rule."""
    return element.trigger.kind == "timer" and value in (element.trigger.value or "")


_TESTS: Mapping[str, _Test] = {
    "document": _document,
    "call": lambda element, value: element.node.called == value,
    "topic": lambda element, value: element.node.topic == value,
    "message": _sends,
    "await": _awaits,
    "form": lambda element, value: element.node.form == value,
    "task": lambda element, value: element.kind == "userTask" and element.id == value,
    "rule": lambda element, value: element.node.decision == value,
    "deadline": lambda element, value: element.node.properties.get("deadline") == value,
    "timer": _timer,
    "person": lambda element, value: element.kind == "userTask" and bool(element.node.form),
    "id": lambda element, value: element.id == value,
    "kind": lambda element, value: element.kind == value,
}
