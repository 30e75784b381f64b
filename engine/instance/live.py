"""Executions kept between the steps of a case, so that the next one need not read and decode its state.

An entry is as true as the revision it is kept under: it goes in after the commit that wrote this revision, is
taken out by the next step, and a step of another process makes it unfindable. Only wholly decoded executions
are kept (16 KB each for an ordinary case), and the least recently used goes first.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass

from sqlalchemy.orm import Session

from engine.bpmn.execution import Execution
from engine.instance.snapshot import Snapshot
from engine.instance.state import Shards
from engine.store.after_commit import after_commit

SIZE = 500
"""Cases a process keeps."""


@dataclass(frozen=True)
class Live:
    """An instance as its last step left it."""

    execution: Execution
    shards: Shards
    snapshot: Snapshot


class LiveCases:
    """By database, instance and revision. Safe between threads: whoever takes an entry has it alone."""

    def __init__(self, size: int = SIZE) -> None:
        self._size, self._lock = size, threading.Lock()
        self._kept: OrderedDict[tuple[object, str], tuple[int, Live]] = OrderedDict()

    def take(self, session: Session, instance_id: str, revision: int) -> Live | None:
        """Takes the entry out; None when there is none of this revision."""
        with self._lock:
            kept = self._kept.pop((session.get_bind(), instance_id), None)
        return kept[1] if kept is not None and kept[0] == revision else None

    def keep(self, session: Session, instance_id: str, revision: int, live: Live) -> None:
        """Puts an entry in once the session's transaction is committed."""
        if live.execution.whole:
            key = session.get_bind(), instance_id
            after_commit(session, lambda: self._put(key, revision, live))

    def _put(self, key: tuple[object, str], revision: int, live: Live) -> None:
        with self._lock:
            self._kept[key] = revision, live
            self._kept.move_to_end(key)
            while len(self._kept) > self._size:
                self._kept.popitem(last=False)

    def __len__(self) -> int:
        return len(self._kept)
