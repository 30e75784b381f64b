"""What a thrown message carries, and what a message is matched by: properties `payload` and `correlation`."""

from __future__ import annotations

from typing import Any

from engine.bpmn.token import Token
from engine.bpmn.values import storable
from engine.errors import ExpressionError


def parse_payload(text: str) -> list[tuple[str, str | None]]:
    """``a, b`` as [(a, None), (b, None)]; ``x=expr; y=expr`` as [(x, expr), (y, expr)].

    Raises:
        ExpressionError: a part has no name.
    """
    separator = ";" if "=" in text else ","
    parts = []
    for part in filter(str.strip, text.split(separator)):
        name, equals, source = part.partition("=")
        if not name.strip().isidentifier():
            raise ExpressionError(f"payload 应写成 a, b 或 a=表达式; b=表达式，但是“{part.strip()}”")
        parts.append((name.strip(), source.strip() if equals else None))
    return parts


def payload_of(token: Token, text: str) -> dict[str, Any]:
    """Copies of the named variables (those that have a value) and the computed ones."""
    payload = {}
    for name, source in parse_payload(text):
        if source is not None:
            payload[name] = storable(token.evaluate(source))
        elif name in token.data:
            payload[name] = storable(token.data[name])
    return payload


def correlation_of(token: Token, source: str) -> str:
    """The text a message is matched by; raises StepFailed when it would be empty."""
    value = token.evaluate(source)
    if value in (None, ""):
        raise token.failure(f"消息的对应关系“{source}”没有值")
    return str(value)
