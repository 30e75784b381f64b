"""The design to compare with: the stock serializer, the whole workflow read and written at each step."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from SpiffWorkflow import TaskState
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer


class Naive:
    """Cases of one process in one SQLite file, written with the same care as ours (WAL, synchronous=FULL)."""

    def __init__(self, path: Path, diagram: Path, process: str) -> None:
        parser = BpmnParser()
        parser.add_bpmn_file(str(diagram))
        self._spec, self._subs = parser.get_spec(process), parser.get_subprocess_specs(process)
        self._serializer = BpmnWorkflowSerializer(BpmnWorkflowSerializer.configure())
        self._db = sqlite3.connect(path, isolation_level=None)
        for pragma in ("journal_mode=WAL", "synchronous=FULL"):
            self._db.execute(f"PRAGMA {pragma}")
        self._db.execute("CREATE TABLE workflow (id TEXT PRIMARY KEY, state TEXT NOT NULL)")

    def start(self, case: str) -> None:
        """A new case, run to its first user task."""
        workflow = BpmnWorkflow(self._spec, self._subs)
        workflow.do_engine_steps()
        self._db.execute("INSERT INTO workflow VALUES (?, ?)", (case, self._dump(workflow)))

    def step(self, case: str, data: dict[str, Any]) -> None:
        """Load, complete the first open user task, run, save, commit."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            (state,) = self._db.execute("SELECT state FROM workflow WHERE id = ?", (case,)).fetchone()
            workflow = self._serializer.deserialize_json(state)
            task = workflow.get_tasks(state=TaskState.READY, manual=True)[0]
            task.data.update(data)
            task.run()
            workflow.do_engine_steps()
            self._db.execute("UPDATE workflow SET state = ? WHERE id = ?", (self._dump(workflow), case))
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def state(self, case: str) -> str:
        """What is stored, to put back with `restore`."""
        (state,) = self._db.execute("SELECT state FROM workflow WHERE id = ?", (case,)).fetchone()
        return str(state)

    def restore(self, case: str, state: str) -> None:
        """Puts a case back to an earlier moment."""
        self._db.execute("INSERT OR REPLACE INTO workflow VALUES (?, ?)", (case, state))

    def _dump(self, workflow: BpmnWorkflow) -> str:
        return str(self._serializer.serialize_json(workflow))
