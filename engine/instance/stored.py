"""Commands and messages as text, so that a job can do them later and a person can repeat what failed."""

from __future__ import annotations

from base64 import b64decode, b64encode
from typing import Any

from engine.actor import Actor
from engine.bpmn.codec import pack, unpack
from engine.bpmn.values import storable
from engine.errors import EngineError
from engine.instance.commands import (
    Begin,
    Cancel,
    Command,
    CompleteTask,
    DeliverMessage,
    DeliverSignal,
    FireTimer,
    MoveToken,
    Rearm,
    ServeTask,
    SetVariables,
)
from engine.instance.follow import Awaited, Follow, Post, Signal, Start

Storable = Command | Follow | Start
_KINDS: dict[str, type[Any]] = {
    kind.__name__: kind
    for kind in (
        Begin, Cancel, CompleteTask, DeliverMessage, DeliverSignal, FireTimer, MoveToken, Rearm, ServeTask,
        SetVariables, Awaited, Post, Signal, Start,
    )
}  # fmt: skip


def dumped(act: Storable, actor: Actor) -> str:
    """`act` and who does it. Raises ExpressionError when its data cannot be stored."""
    who = [actor.login, actor.name, [list(role) for role in sorted(actor.roles)], actor.kind]
    return b64encode(pack({"kind": type(act).__name__, "of": storable(vars(act)), "by": who})).decode()


def loaded(text: str) -> tuple[Storable, Actor]:
    """The inverse of `dumped`. Raises EngineError for a kind that is not known any more."""
    stored = unpack(b64decode(text))
    kind = _KINDS.get(stored["kind"])
    if kind is None:
        raise EngineError(f"Expected a stored command, but {stored['kind']!r} is none")
    login, name, roles, sort = stored["by"]
    actor = Actor(login, name, frozenset((role, unit) for role, unit in roles), sort)
    return kind(**stored["of"]), actor
