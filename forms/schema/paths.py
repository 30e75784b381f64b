"""Answers in nested objects and the flat names a page has for them.

A group gives ``target.org``, the first row of a list ``evidence-0.title``.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

ABSENT = object()

DEEPEST = 6
"""Groups within groups; what is nested deeper was not typed into a form."""


def field_name(path: Sequence[str]) -> str:
    """The name of the input for an answer."""
    return ".".join(path)


def field_id(name: str, prefix: str = "") -> str:
    """The HTML id of the input of that name; `prefix` tells two forms on one page apart."""
    return f"f-{prefix}{name.replace('.', '-')}"


def head(name: str) -> str:
    """The first key of a name: ``evidence`` of ``evidence-0.title``."""
    return name.split(".")[0].split("-")[0]


def copied(answers: Mapping[str, Any], depth: int = 0) -> dict[str, Any]:
    """A copy that can be changed, as deep as groups go, without touching the given answers."""
    return {
        key: copied(value, depth + 1) if isinstance(value, dict) and depth <= DEEPEST else copy.copy(value)
        for key, value in answers.items()
    }


def get(answers: Any, path: Sequence[str]) -> Any:
    """The answer at `path`, or ABSENT."""
    for part in path:
        if not isinstance(answers, Mapping) or part not in answers:
            return ABSENT
        answers = answers[part]
    return answers


def put(answers: dict[str, Any], path: Sequence[str], value: Any) -> None:
    """Sets the answer at `path`; what stands in the way and is no object is replaced."""
    for part in path[:-1]:
        inner = answers.get(part)
        if not isinstance(inner, dict):
            inner = answers[part] = {}
        answers = inner
    answers[path[-1]] = value


def drop(answers: dict[str, Any], path: Sequence[str]) -> Any:
    """Takes the answer at `path` out and returns it, or ABSENT."""
    inner = get(answers, path[:-1])
    return inner.pop(path[-1], ABSENT) if isinstance(inner, dict) else ABSENT


def flat_messages(messages: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """(field name, first message) of marshmallow's nested messages."""
    if isinstance(messages, Mapping):
        for key, inner in messages.items():
            yield from flat_messages(inner, _inner_name(name, key))
    else:
        first = messages[0] if isinstance(messages, list) and messages else messages
        yield name, str(first)


def _inner_name(name: str, key: Any) -> str:
    if key == "_schema":
        return name
    if isinstance(key, int):
        return f"{name}-{key}"
    return f"{name}.{key}" if name else str(key)
