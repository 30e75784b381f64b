"""Reads event definitions. What would be ignored or mis-executed is told, not read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.bpmn.drawing import NO_TRIGGER, Trigger
from engine.bpmn.expression import strip
from engine.bpmn.iso import is_literal
from engine.bpmn.names import BPMN, CAMUNDA, EVENT_SUFFIX, Xml, flag, is_bpmn, local, text_of

_ALLOWED = {
    "startEvent": ("none", "message", "signal", "timer"),
    "endEvent": (
        "none", "message", "signal", "terminate", "error", "escalation", "compensate", "cancel",
    ),
    "intermediateCatchEvent": ("message", "signal", "timer", "conditional", "link"),
    "intermediateThrowEvent": ("none", "message", "signal", "escalation", "compensate", "link"),
    "boundaryEvent": (
        "message", "signal", "timer", "conditional", "error", "escalation", "compensate", "cancel",
    ),
}  # fmt: skip
_EVENT_BLOCK_STARTS = ("message", "signal", "timer", "conditional", "error", "escalation", "compensate")
_WORDS = {
    "none": "空", "message": "消息", "timer": "定时", "error": "错误", "escalation": "升级",
    "terminate": "终止", "link": "链接", "signal": "信号", "compensate": "补偿", "conditional": "条件",
    "cancel": "取消",
}  # fmt: skip
_TIMES = {
    "timeDate": "日期应写成 2026-09-30T18:00", "timeDuration": "时长应写成 P10D、PT2H",
    "timeCycle": "循环应写成 R3/PT24H",
}  # fmt: skip
_LIKE_A_TIME = re.compile(r"[-+]?P(\d|T\d)[\dA-Z.,]*|R\d*/(P|\d{4}-).*")
"""Meant as ISO 8601, and no expression."""
_NO_TIME = Trigger("timer", repr("P1D"), "timeDuration")
"""Stands where a time is refused."""


@dataclass(frozen=True)
class References:
    """What a file declares beside its processes: names and codes by id, and shared event definitions."""

    messages: Mapping[str, str] = field(default_factory=dict)
    signals: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    escalations: Mapping[str, str] = field(default_factory=dict)
    definitions: Mapping[str, Xml] = field(default_factory=dict)

    @classmethod
    def of(cls, root: Xml) -> References:
        """Declarations of one file."""

        def declared(tag: str, attribute: str) -> dict[str, str]:
            return {
                node.get("id", ""): (node.get(attribute) or node.get("name") or "").strip()
                for node in root.iter(f"{BPMN}{tag}")
            }

        return cls(
            declared("message", "name"),
            declared("signal", "name"),
            declared("error", "errorCode"),
            declared("escalation", "escalationCode"),
            {child.get("id", ""): child for child in root if _defines(child)},
        )


def read_trigger(
    node: Xml, references: References, problems: list[str], *, in_event_block: bool = False
) -> Trigger:
    """The event definition of an event; sentences about what is wrong are appended to `problems`."""
    definitions = _definitions(node, references, problems)
    if len(definitions) > 1:
        problems.append("一个事件只能有一个事件定义：请分成几个事件")
    tag = local(node)
    allowed = _EVENT_BLOCK_STARTS if in_event_block and tag == "startEvent" else _ALLOWED[tag]
    kind = local(definitions[0]).removesuffix(EVENT_SUFFIX) if definitions else "none"
    if kind not in allowed:
        expected = "、".join(_WORDS[word] for word in allowed)
        problems.append(f"此处的事件应为{expected}之一，但是{_WORDS.get(kind, kind)}事件：它不会按图执行")
        return NO_TRIGGER
    return _read(kind, definitions[0], references, problems) if definitions else NO_TRIGGER


def read_definition(definition: Xml, references: References, problems: list[str]) -> Trigger:
    """One event definition by itself, as `read_trigger` reads it."""
    return _read(local(definition).removesuffix(EVENT_SUFFIX), definition, references, problems)


def message_of(node: Xml, references: References, problems: list[str]) -> str | None:
    """The message name an element refers to by messageRef."""
    return _named("消息", references.messages.get(referred(node, "messageRef")), problems)


def referred(node: Xml, attribute: str) -> str:
    """The id an attribute refers to, without the prefix that a qualified name may have."""
    return node.get(attribute, "").rpartition(":")[2]


def _definitions(node: Xml, references: References, problems: list[str]) -> list[Xml]:
    """The event's own definitions, and those of the file it refers to."""
    found = [child for child in node if _defines(child)]
    for reference in node.findall(f"{BPMN}eventDefinitionRef"):
        name = (reference.text or "").strip().rpartition(":")[2]
        if name in references.definitions:
            found.append(references.definitions[name])
        else:
            problems.append(f"引用的事件定义“{name}”不在文件中：请在属性面板中重新选择")
    return found


def _defines(node: Xml) -> bool:
    return is_bpmn(node) and local(node).endswith(EVENT_SUFFIX)


def _read(kind: str, definition: Xml, references: References, problems: list[str]) -> Trigger:
    if kind == "message":
        return Trigger(kind, message_of(definition, references, problems))
    if kind == "signal":
        signal = references.signals.get(referred(definition, "signalRef"))
        return Trigger(kind, _named("信号", signal, problems))
    if kind == "timer":
        return _timer(definition, problems)
    if kind == "conditional":
        return _conditional(definition, problems)
    if kind == "link":
        return Trigger(kind, definition.get("name") or "")
    if kind in ("error", "escalation"):
        codes = references.errors if kind == "error" else references.escalations
        return _coded(kind, definition, codes, problems)
    if kind == "compensate":
        if not flag(definition, "waitForCompletion", True):
            problems.append("补偿事件会等到补偿做完，不等待（waitForCompletion）不支持：请改为等待")
        return Trigger(kind, referred(definition, "activityRef") or None)
    return Trigger(kind)


def _named(word: str, name: str | None, problems: list[str]) -> str | None:
    if not name:
        problems.append(f"没有指明{word}：请在属性面板中选择或新建一个{word}并写明名称")
    elif "${" in name or "#{" in name:
        problems.append(f"{word}的名称“{name}”不能是表达式：请写固定的名称，用属性 correlation 区分对象")
    return name or None


def _coded(kind: str, definition: Xml, codes: Mapping[str, str], problems: list[str]) -> Trigger:
    reference = referred(definition, f"{kind}Ref")
    if reference and reference not in codes:
        problems.append(f"{_WORDS[kind]}“{reference}”不在文件中：请在属性面板中重新选择")
    return Trigger(
        kind,
        codes.get(reference) or None,
        code_to=definition.get(f"{CAMUNDA}{kind}CodeVariable"),
        text_to=definition.get(f"{CAMUNDA}{kind}MessageVariable"),
    )


def _conditional(definition: Xml, problems: list[str]) -> Trigger:
    condition = text_of(definition, "condition")
    if condition is None:
        problems.append("条件事件没有写明条件：请在属性面板中填写")
    for name in ("variableName", "variableEvents"):
        if definition.get(f"{CAMUNDA}{name}"):
            problems.append(f"条件事件的 camunda:{name} 不支持：条件在变量变化时都会重新计算，请删去")
    return Trigger("conditional", strip(condition or "False"))


def _timer(definition: Xml, problems: list[str]) -> Trigger:
    given = [(tag, text) for tag in _TIMES if (text := text_of(definition, tag))]
    if not given:
        problems.append("定时事件没有写明时间：请填写日期、时长，例如 PT24H 或 due('CP-HANDLE')")
        return _NO_TIME
    if len(given) > 1:
        problems.append("定时事件应只写日期、时长、循环之一：请删去其余的")
    tag, text = given[0]
    value = strip(text)
    if is_literal(value, tag):
        return Trigger("timer", repr(value), tag)
    if _LIKE_A_TIME.fullmatch(value) or any(is_literal(value, other) for other in _TIMES):
        problems.append(f"定时的{_TIMES[tag]} 这样的形式，但是“{value}”：请改写，或在属性面板中改选种类")
        return _NO_TIME
    return Trigger("timer", value, tag)
