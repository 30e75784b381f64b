"""Compiled programs by definition id: parsed once per process, shared between threads."""

from __future__ import annotations

import threading
from collections import OrderedDict

from sqlalchemy.orm import Session

from engine.bpmn.compile import compile_bundle
from engine.bpmn.program import Program
from engine.definition.bundle import executable
from engine.definition.find import definition, files_of


class ProgramCache:
    """The least recently used program goes when `size` are held; a published version never changes."""

    def __init__(self, size: int = 128) -> None:
        self._size, self._lock = size, threading.Lock()
        self._programs: OrderedDict[str, Program] = OrderedDict()

    def get(self, session: Session, definition_id: str) -> Program:
        """Raises NotFound, or DiagramError when a stored version no longer compiles."""
        with self._lock:
            if definition_id in self._programs:
                self._programs.move_to_end(definition_id)
                return self._programs[definition_id]
        program = self._compile(session, definition_id)
        with self._lock:
            program = self._programs.setdefault(definition_id, program)
            while len(self._programs) > self._size:
                self._programs.popitem(last=False)
        return program

    @staticmethod
    def _compile(session: Session, definition_id: str) -> Program:
        pinned: dict[str, dict[str, bytes]] = {}
        todo = [definition_id]
        while todo:
            current = todo.pop()
            if current in pinned:
                continue
            pinned[current] = executable(files_of(session, current))
            todo.extend(definition(session, current).calls.values())
        own = pinned.pop(definition_id)
        return compile_bundle(own, called=list(pinned.values()))
