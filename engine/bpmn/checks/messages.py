"""Messages and signals that nobody receives, or that nobody sends, within what is known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine.bpmn.checks.known import Known
from engine.bpmn.drawing import Element, ProcessDrawing, nested
from engine.errors import Problem

_THROWING = ("sendTask", "intermediateThrowEvent", "endEvent")


def messages(drawings: Iterable[ProcessDrawing], known: Known) -> Iterator[Problem]:
    """Warnings: a program may still send or take what no diagram does."""
    used = [
        (drawing, element)
        for drawing in drawings
        for block in nested(drawing.block)
        for element in block.elements.values()
        if element.trigger.awaited
    ]
    thrown = {_key(element) for _, element in used if throws(element)}
    caught = {_key(element) for _, element in used if not throws(element)}
    for drawing, element in used:
        word = "消息" if element.trigger.kind == "message" else "信号"
        name = element.trigger.awaited
        if throws(element) and known.received is not None and _key(element) not in caught:
            if name not in known.received:
                yield Problem(
                    element.id,
                    f"{word}“{name}”没有流程接收：请检查名称，或在接收的流程里画{word}事件",
                    "warning",
                    drawing.file,
                )
        if not throws(element) and known.sent is not None and _key(element) not in thrown:
            if name not in known.sent:
                yield Problem(
                    element.id,
                    f"{word}“{name}”没有谁发出，流程会一直等待：请检查名称；"
                    "由外部发来的，请在 messages.toml 中写明 sender",
                    "warning",
                    drawing.file,
                )


def throws(element: Element) -> bool:
    """Whether it sends what its trigger names."""
    return element.kind in _THROWING


def _key(element: Element) -> tuple[str, str | None]:
    return element.trigger.kind, element.trigger.awaited
