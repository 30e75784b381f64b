"""Wires the 督查 rooms into the engine's context: topics, assignment, guards, messages, hooks."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from engine.bpmn.program import Node
from engine.definition.cache import ProgramCache
from engine.errors import InvalidData
from engine.instance.context import Assignment, Context, Handler, MessageType
from engine.store.tables import Instance
from supervision.accountability import topics as accountability
from supervision.accountability.ready import with_decision_guard
from supervision.archive import topics as archive
from supervision.case.assign import assign
from supervision.case.find import find_case
from supervision.case.mirror import mirror
from supervision.case.open import open_instance
from supervision.complaint import topics as complaint
from supervision.deadlines import clock_topics
from supervision.deadlines import topics as deadlines
from supervision.deadlines.versions import Periods
from supervision.document import merged
from supervision.document import topics as document
from supervision.document.template import Templates
from supervision.evaluation import topics as evaluation
from supervision.eyes import system_eyes, with_system_eyes
from supervision.fan_out import topics as fan_out
from supervision.fan_out.members import members
from supervision.guards import all_guards
from supervision.house import House
from supervision.identity.key import Keys
from supervision.inspection import announce, conclusion, rescore, teams
from supervision.inspection import topics as inspection
from supervision.inspection.once_a_year import demand_first
from supervision.notice.task_opened import task_opened
from supervision.organisation import topics as organisation
from supervision.publication import topics as publication
from supervision.rectification import topics as rectification
from supervision.recusal import topics as recusal
from supervision.review import topics as review
from supervision.self_check import topics as self_check
from supervision.yearly import topics as yearly


def make_context(processes: Path, keys: Keys) -> Context:
    """The context of a server, worker or test; `processes` holds messages.toml and documents/.

    Raises:
        InvalidData: messages.toml is broken.
    """
    periods = Periods()
    house = House(keys, Templates(processes), periods.rules, periods.calendar)
    return Context(
        programs=ProgramCache(),
        rules=periods.rules,
        calendar=periods.calendar,
        topics=all_topics(house),
        messages=read_messages(processes / "messages.toml"),
        assign=_assign,
        guards=tuple(with_system_eyes(guard) for guard in all_guards(keys, processes)),
        on_start=with_system_eyes(_start),
        on_task=with_system_eyes(task_opened),
        members=members,
    )


def all_topics(house: House) -> dict[str, Handler]:
    """Every topic a diagram may name; `ducha check` refuses others."""
    rooms = (
        complaint.topics(house),
        with_decision_guard(house.templates.folder, document.topics(house)),
        merged.topics(house),
        publication.topics(house),
        deadlines.topics(house),
        clock_topics.topics(house),
        organisation.topics(),
        rectification.topics(),
        fan_out.topics(),
        inspection.topics(house),
        announce.topics(house),
        teams.topics(),
        rescore.topics(),
        conclusion.topics(),
        recusal.topics(),
        review.topics(),
        accountability.topics(house),
        yearly.topics(),
        archive.topics(house),
        self_check.topics(),
        evaluation.topics(),
    )
    return {name: with_system_eyes(handler) for room in rooms for name, handler in room.items()}


def read_messages(path: Path) -> Mapping[str, MessageType]:
    """The declared messages by name. Raises InvalidData when the file is missing or broken."""
    try:
        read = tomllib.loads(path.read_text())
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise InvalidData({path.name: [f"读不出消息目录 {path}：{error}"]}) from error
    return {name: _message(name, entry) for name, entry in read.get("message", {}).items()}


def _message(name: str, entry: Mapping[str, Any]) -> MessageType:
    keep = entry.get("keep_days")
    payload = str(entry.get("payload", "")).split(",")
    return MessageType(
        name,
        str(entry.get("label", name)),
        str(entry.get("receiver", "")),
        int(keep) if keep else None,
        str(entry.get("sender", "")),
        tuple(part.strip() for part in payload if part.strip()),
    )


def _start(session: Session, instance: Instance, data: Mapping[str, Any], now: datetime) -> Mapping[str, Any]:
    demand_first(session, instance, data, now)
    return open_instance(session, instance, data, now)


def _assign(session: Session, node: Node, data: Mapping[str, Any], instance: Instance) -> Assignment:
    with system_eyes(session):
        case = find_case(session, instance.id)
        if case is not None:
            mirror(session, case, data)
        return assign(session, node, data, instance)


__all__ = ["all_topics", "make_context", "read_messages"]
