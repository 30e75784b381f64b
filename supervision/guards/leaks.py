"""不泄露身份: what a clerk writes into the case says nothing that tells who complained.

The person complained of may be named in the file; who complained may not. Only people who may know the
identity are told of a trace: to anyone else the answer would confirm a guess. What units write is looked at
again when it is published.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from engine.actor import Actor
from engine.errors import InvalidData
from engine.instance.context import Guard, GuardCall
from engine.store.tables import Instance
from supervision.case.find import related_case
from supervision.case.kin import kin
from supervision.case.table import Case
from supervision.identity.access import NAMING, refusal
from supervision.identity.key import Keys
from supervision.identity.traces import traces
from supervision.identity.vault import open_fields


def no_identity_in_texts(keys: Keys) -> Guard:
    """The guard, with the keys that open the vault."""

    def guard(session: Session, call: GuardCall, actor: Actor, now: datetime) -> None:
        case = related_case(session, call.instance, call.data)
        if call.act != "complete" or case is None:
            return
        if faults := naming(session, keys, case, list(_texts(call.data)), actor):
            raise InvalidData(faults)

    return guard


def naming(
    session: Session, keys: Keys, case: Case, texts: Collection[tuple[str, str]], actor: Actor
) -> dict[str, list[str]]:
    """Field → what to change, for the `texts` (field, text) that tell who complained, here or before.

    Looks only for what the actor may know. The session sees every row.
    """
    found: dict[str, list[str]] = {}
    for one in kin(session, case):
        if refusal(one, actor):
            continue
        sealed = open_fields(session, keys, one.instance_id)
        sealed = {field: value for field, value in sealed.items() if field in NAMING}
        for field, text in texts:
            if labels := traces(text, sealed):
                found[field] = [_sentence(labels)]
    return found


def demand_unnamed(
    session: Session, keys: Keys, instance_id: str, actor: Actor, texts: Mapping[str, str]
) -> None:
    """The same for what is written beside the forms: reasons of an extension, a card or a decision, by field.

    Units read them on the page of their case. The session sees every row.

    Raises:
        InvalidData: keyed by field.
    """
    case = related_case(session, session.get_one(Instance, instance_id), {})
    if case is not None and (faults := naming(session, keys, case, texts.items(), actor)):
        raise InvalidData(faults)


def _texts(data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for field, value in data.items():
        if isinstance(value, str):
            yield field, value
        elif isinstance(value, list | tuple):
            yield field, "\n".join(str(part) for part in value)


def _sentence(labels: list[str]) -> str:
    return f"这里含有投诉人的{'、'.join(labels)}，承办单位可能看到：请改写，例如写作“投诉人”。"
