"""Loads and saves the opaque state of an instance, shard by shard."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.orm import Session

from engine.store.base import table_of
from engine.store.prepared import Prepared
from engine.store.tables import StateShard

_shards = table_of(StateShard)
_one = (_shards.c.instance_id == bindparam("of"), _shards.c.shard == bindparam("key"))
_all = Prepared(
    select(_shards.c.shard, _shards.c.parent, _shards.c.content).where(
        _shards.c.instance_id == bindparam("instance_id")
    )
)
_add = Prepared.insert(_shards)
_rewrite = Prepared(update(_shards).where(*_one).values(content=bindparam("content")))
_drop = Prepared(delete(_shards).where(*_one))

MATERIALISE_ALL = 8
"""Up to so many shards are all decoded; above it only those on the way to the token that moves."""


@dataclass(frozen=True)
class Shards:
    """Bytes by shard key, and the key of the shard that encloses each."""

    contents: Mapping[str, bytes]
    parents: Mapping[str, str]

    def wanted(self, shard: str) -> list[str]:
        """Shard keys to decode, enclosing ones first; the top shard '' is always decoded."""
        keys = [key for key in self.contents if key] if len(self.contents) <= MATERIALISE_ALL else [shard]
        ordered: list[str] = []
        for key in keys:
            ordered.extend(step for step in self.chain(key) if step not in ordered)
        return ordered

    def after(self, changed: Mapping[str, bytes], gone: Iterable[str], parents: Mapping[str, str]) -> Shards:
        """What is stored once `changed` is written and `gone` dropped."""
        contents = {**self.contents, **changed}
        for shard in gone:
            contents.pop(shard, None)
        return Shards(contents, {shard: parents.get(shard, "") for shard in contents})

    def chain(self, shard: str) -> list[str]:
        """From the outermost enclosing shard to `shard` itself, without ''."""
        path: list[str] = []
        while shard and shard not in path:
            path.insert(0, shard)
            shard = self.parents.get(shard, "")
        return path


def load(session: Session, instance_id: str) -> Shards:
    """All shards of an instance, undecoded."""
    rows = _all.rows(session, instance_id=instance_id)
    return Shards({key: content for key, _, content in rows}, {key: parent for key, parent, _ in rows})


def save(
    session: Session,
    instance_id: str,
    before: Shards,
    changed: Mapping[str, bytes],
    gone: Iterable[str],
    parents: Mapping[str, str],
) -> None:
    """Writes only shards whose bytes differ."""
    for shard, content in changed.items():
        if shard in before.contents:
            _rewrite.send(session, of=instance_id, key=shard, content=content)
        else:
            parent = parents.get(shard, "")
            _add.send(session, instance_id=instance_id, shard=shard, parent=parent, content=content)
    for shard in gone:
        if shard in before.contents:
            _drop.send(session, of=instance_id, key=shard)
