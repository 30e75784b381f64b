"""Reads event definitions. What would be ignored or mis-executed is told, not read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.bpmn.drawing import NO_TRIGGER, Trigger
from engine.bpmn.expression import strip
from engine.bpmn.iso import is_literal
from engine.bpmn.names import BPMN, EVENT_SUFFIX, Xml, is_bpmn, local, text_of

_ALLOWED = {
    "startEvent": ("none", "message", "signal", "timer"),
    "endEvent": ("none", "message", "signal", "terminate", "error", "escalation"),
    "intermediateCatchEvent": ("message", "signal", "timer", "link"),
    "intermediateThrowEvent": ("none", "message", "signal", "escalation", "link"),
    "boundaryEvent": ("message", "signal", "timer", "error", "escalation"),
}
EVENT_BLOCK_STARTS = ("message", "timer", "error", "escalation")
_WORDS = {
    "none": "空", "message": "消息", "timer": "定时", "error": "错误", "escalation": "升级",
    "terminate": "终止", "link": "链接", "signal": "信号", "compensate": "补偿", "conditional": "条件",
    "cancel": "取消",
}  # fmt: skip
_TIMES = ("timeDate", "timeDuration", "timeCycle")


@dataclass(frozen=True)
class References:
    """What a file declares beside its processes: names and codes by id."""

    messages: Mapping[str, str] = field(default_factory=dict)
    signals: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    escalations: Mapping[str, str] = field(default_factory=dict)

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
        )


def read_trigger(
    node: Xml, references: References, problems: list[str], *, in_event_block: bool = False
) -> Trigger:
    """The event definition of an event; sentences about what is wrong are appended to `problems`."""
    definitions = [child for child in node if is_bpmn(child) and local(child).endswith(EVENT_SUFFIX)]
    if node.find(f"{BPMN}eventDefinitionRef") is not None:
        problems.append("引用的事件定义（eventDefinitionRef）不支持：请把定义画在事件自身上")
    if len(definitions) > 1:
        problems.append("一个事件只能有一个事件定义：请分成几个事件")
    tag = local(node)
    allowed = EVENT_BLOCK_STARTS if in_event_block and tag == "startEvent" else _ALLOWED[tag]
    kind = local(definitions[0]).removesuffix(EVENT_SUFFIX) if definitions else "none"
    if kind not in allowed:
        expected = "、".join(_WORDS[word] for word in allowed)
        problems.append(f"此处的事件应为{expected}之一，但是{_WORDS.get(kind, kind)}事件：它不会按图执行")
        return NO_TRIGGER
    return _read(kind, definitions[0], references, problems) if definitions else NO_TRIGGER


def message_of(node: Xml, references: References, problems: list[str]) -> str | None:
    """The message name an element refers to by messageRef."""
    return _named("消息", references.messages.get(node.get("messageRef", "")), problems)


def _named(word: str, name: str | None, problems: list[str]) -> str | None:
    if not name:
        problems.append(f"没有指明{word}：请在属性面板中选择或新建一个{word}并写明名称")
    elif strip(name) != name:
        problems.append(f"{word}的名称“{name}”不能是表达式：请写固定的名称，用属性 correlation 区分对象")
    return name or None


def _read(kind: str, definition: Xml, references: References, problems: list[str]) -> Trigger:
    if kind == "message":
        return Trigger(kind, message_of(definition, references, problems))
    if kind == "signal":
        return Trigger(
            kind, _named("信号", references.signals.get(definition.get("signalRef", "")), problems)
        )
    if kind == "timer":
        return _timer(definition, problems)
    if kind == "link":
        return Trigger(kind, definition.get("name") or "")
    if kind in ("error", "escalation"):
        codes = references.errors if kind == "error" else references.escalations
        reference = definition.get(f"{kind}Ref")
        return Trigger(kind, codes.get(reference) if reference else None)
    return Trigger(kind)


def _timer(definition: Xml, problems: list[str]) -> Trigger:
    for tag in _TIMES:
        if text := text_of(definition, tag):
            value = strip(text)
            return Trigger("timer", repr(value) if is_literal(value, tag) else value, tag)
    problems.append("定时事件没有写明时间：请填写日期、时长，例如 PT24H 或 due('CP-HANDLE')")
    return Trigger("timer", repr("P1D"), "timeDuration")
