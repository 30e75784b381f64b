"""Pins called processes: which version of each other bundle a new version calls, for good."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from engine.bpmn.binding import Call
from engine.definition.bundle import Files, foreign_calls
from engine.definition.find import bound
from engine.errors import DiagramError, NotFound, Problem
from engine.store.tables import Definition


def pin_calls(session: Session, key: str, files: Files, now: datetime) -> dict[str, str]:
    """Bundle key → definition id for all calls out of the bundle.

    Raises:
        DiagramError: a version is not published or not in effect, or two versions of one bundle are called.
    """
    calls: dict[str, Definition] = {}
    problems = []
    for call in foreign_calls(files):
        try:
            found = bound(session, call, now)
        except NotFound:
            problems.append(Problem(call.element_id, _missing(call), file=key))
            continue
        other = calls.setdefault(found.key, found)
        if other.id != found.id:
            problems.append(Problem(call.element_id, _two(found.key, other, found), file=key))
    if problems:
        raise DiagramError(problems)
    return {name: found.id for name, found in calls.items()}


def closure(session: Session, key: str, calls: Mapping[str, str]) -> Sequence[str]:
    """Definition ids of everything that is called, by the called ones too.

    Raises:
        DiagramError: two versions of one bundle would run in one instance.
    """
    found: dict[str, Definition] = {}
    problems = []
    todo = list(calls.values())
    while todo:
        pinned = session.get_one(Definition, todo.pop())
        other = found.get(pinned.key)
        if other is None:
            found[pinned.key] = pinned
            todo.extend(pinned.calls.values())
        elif other.id != pinned.id:
            problems.append(Problem("", _two(pinned.key, other, pinned), file=key))
    if problems:
        raise DiagramError(problems)
    return [definition.id for definition in found.values()]


def _missing(call: Call) -> str:
    if call.binding == "version":
        return f"调用的流程“{call.process}”没有在用的第 {call.version} 版：请先发布它或改正版本号"
    if call.binding == "versionTag":
        return f"调用的流程“{call.process}”没有标签为“{call.tag}”的在用版本：请先发布它或改正标签"
    return f"调用的流程“{call.process}”还没有发布：请先发布它"


def _two(name: str, one: Definition, other: Definition) -> str:
    first, second = sorted((one.version, other.version))
    return (
        f"一件之中只能用流程包“{name}”的一个版本，但是调用到第 {first} 版和第 {second} 版："
        "请改为同一版本，或重新发布调用旧版的流程"
    )
