"""State as opaque bytes: the live tokens of one scope, what can be undone in it, and the variables it owns.

Layout: zstd(version + mode + JSON). Values JSON lacks are written as ``{"\\0": kind, "v": text}``; mode
``T`` says that some are there. In that mode a key of the data that begins with ``\\0`` is written with one
more, so that no data can be taken for a tag. Rows keep the order of the tokens: a host stands before its
instances.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import orjson
import zstandard

from engine.bpmn.scope import ScopeWorkflow
from engine.bpmn.token import Token
from engine.errors import EngineError

if TYPE_CHECKING:
    from engine.bpmn.running import Running
    from engine.bpmn.specs.block import BlockSpec

VERSION = b"1"
_TAG = "\0"
_TAG_JSON = b'"\\u0000'
_OPTIONS = orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_SUBCLASS
_threads = threading.local()


def pack(value: Any) -> bytes:
    """Bytes of JSON-like data with dates, instants and durations; the same data give the same bytes."""
    tags = 0

    def default(item: Any) -> Any:
        nonlocal tags
        tags += 1
        if isinstance(item, datetime):
            return {_TAG: "instant", "v": item.isoformat()}
        if isinstance(item, date):
            return {_TAG: "date", "v": item.isoformat()}
        if isinstance(item, timedelta):
            return {_TAG: "span", "v": [item.days, item.seconds, item.microseconds]}
        if isinstance(item, Mapping):
            tags -= 1
            return dict(item)
        raise TypeError(f"Expected a storable value, but {type(item).__name__} is none")

    content = orjson.dumps(value, default=default, option=_OPTIONS)
    if tags and content.count(_TAG_JSON) > tags:
        content = orjson.dumps(_escaped(value), default=default, option=_OPTIONS)
    return _compressor().compress(VERSION + (b"T" if tags else b"P") + content)


def unpack(content: bytes) -> Any:
    """The inverse of `pack`. Raises EngineError for bytes of another layout."""
    plain = _decompressor().decompress(content)
    if plain[:1] != VERSION:
        raise EngineError(f"Expected state of layout {VERSION!r}, but it is {plain[:1]!r}")
    value = orjson.loads(memoryview(plain)[2:])
    return _untagged(value) if plain[1:2] == b"T" else value


def dump_scope(scope: ScopeWorkflow) -> bytes:
    """One scope as a shard."""
    running = scope.running
    rows = [
        [token.id, token.task_spec.name, token._state, token._parent or 0, token.internal_data or 0]
        for token in scope.tasks.values()
    ]
    state: dict[str, Any] = {"t": rows}
    if scope.owns_variables:
        state["d"] = scope.variables
    if scope.done:
        state["c"] = scope.done
    if scope.host is None:
        state |= {"e": running.ended_at, "s": running.status}
    return pack(state)


def load_top(running: Running, spec: BlockSpec, content: bytes) -> None:
    """Restores the process itself."""
    state = unpack(content)
    scope = ScopeWorkflow(spec, running, None, state["d"])
    running.scopes[""] = scope
    running.ended_at, running.status = state["e"], state["s"]
    _restore(scope, state)


def load_scope(running: Running, host: Token, content: bytes) -> None:
    """Restores the scope that `host` runs."""
    state = unpack(content)
    variables = state["d"] if "d" in state else host.data
    scope = ScopeWorkflow(host.task_spec.inner_block, running, host, variables)
    running.scopes[host.id] = scope
    _restore(scope, state)


def _restore(scope: ScopeWorkflow, state: Mapping[str, Any]) -> None:
    scope.done = state.get("c", [])
    specs = scope.spec.task_specs
    for token_id, name, token_state, parent, internal in state["t"]:
        if name not in specs:
            raise EngineError(
                f"Expected element {name} in the program, but the state was made by another version"
            )
        Token(
            scope, specs[name], scope.tasks[parent] if parent else None, token_state, token_id, internal or {}
        )


def _escaped(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {(_TAG + key if key.startswith(_TAG) else key): _escaped(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_escaped(item) for item in value]
    return value


def _untagged(value: Any) -> Any:
    if isinstance(value, list):
        return [_untagged(item) for item in value]
    if not isinstance(value, dict):
        return value
    kind = value.get(_TAG)
    if kind is None:
        return {(key[1:] if key.startswith(_TAG) else key): _untagged(item) for key, item in value.items()}
    if kind == "instant":
        return datetime.fromisoformat(value["v"])
    return date.fromisoformat(value["v"]) if kind == "date" else timedelta(*value["v"])


def _compressor() -> zstandard.ZstdCompressor:
    if not hasattr(_threads, "compressor"):
        _threads.compressor = zstandard.ZstdCompressor(level=3)
    return _threads.compressor


def _decompressor() -> zstandard.ZstdDecompressor:
    if not hasattr(_threads, "decompressor"):
        _threads.decompressor = zstandard.ZstdDecompressor()
    return _threads.decompressor
