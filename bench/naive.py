"""The design to compare with: the library's own serializer, the whole workflow in one column at each step.

It is what one writes first: SQLAlchemy's ORM, a row for the instance with its state as text, a row for each
user task. No history, no jobs, no visibility.
"""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

from SpiffWorkflow import TaskState
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from sqlalchemy import ForeignKey, Select, String, Text, create_engine, delete, event, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column


class Base(DeclarativeBase):
    """Tables of the naive design."""


class Case(Base):
    """An instance with all its state."""

    __tablename__ = "instance"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    status: Mapped[str] = mapped_column(String(20), index=True)
    state: Mapped[str] = mapped_column(Text)


class UserTask(Base):
    """What a person may do."""

    __tablename__ = "user_task"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("instance.id"), index=True)
    name: Mapped[str] = mapped_column(String(100))
    status: Mapped[str] = mapped_column(String(20), index=True)


class Naive:
    """Cases of one process in one SQLite file, written with the same care as ours (WAL, synchronous=FULL)."""

    def __init__(self, path: Path, diagram: Path, process: str) -> None:
        parser = BpmnParser()
        parser.add_bpmn_file(str(diagram))
        self._spec, self._subs = parser.get_spec(process), parser.get_subprocess_specs(process)
        self._serializer = BpmnWorkflowSerializer(BpmnWorkflowSerializer.configure())
        self._database = create_engine(f"sqlite:///{path}")
        event.listen(self._database, "connect", careful)
        Base.metadata.create_all(self._database)
        self._open = Session(self._database)

    def start(self, case: str) -> None:
        """A new case, run to its first user task."""
        with Session(self._database) as session:
            workflow = BpmnWorkflow(self._spec, self._subs)
            workflow.do_engine_steps()
            row = Case(id=case, status="open", state="")
            session.add(row)
            session.flush()
            self._save(session, row, workflow)

    def open_task(self, case: str) -> str:
        """Id of the case's open task."""
        with Session(self._database) as session:
            return session.scalars(_open(case)).one()

    def open_tasks(self, case: str) -> list[str]:
        """Ids of all open tasks of a case."""
        with Session(self._database) as session:
            return list(session.scalars(_open(case)))

    def step(self, case: str, task_id: str, data: dict[str, Any]) -> None:
        """Load, complete the task, run, save, commit, in a session that stays."""
        try:
            row = self._open.get_one(Case, case)
            workflow = self._serializer.deserialize_json(row.state)
            task = workflow.get_task_from_id(uuid.UUID(task_id))
            task.data.update(data)
            task.run()
            workflow.do_engine_steps()
            self._open.get_one(UserTask, task_id).status = "done"
            self._save(self._open, row, workflow)
        except BaseException:
            self._open.rollback()
            raise

    def state(self, case: str) -> str:
        """What is stored, to put back with `restore`."""
        with Session(self._database) as session:
            return session.get_one(Case, case).state

    def restore(self, case: str, state: str) -> None:
        """Puts a case back to an earlier moment; its tasks keep their ids, so those of others must go."""
        with Session(self._database) as session:
            session.execute(delete(UserTask))
            session.execute(delete(Case).where(Case.id == case))
            row = Case(id=case, status="open", state="")
            session.add(row)
            session.flush()
            self._save(session, row, self._serializer.deserialize_json(state))

    def close(self) -> None:
        """Lets go of the file."""
        self._open.close()
        self._database.dispose()

    def _save(self, session: Session, row: Case, workflow: BpmnWorkflow) -> None:
        row.state = self._serializer.serialize_json(workflow)
        row.status = "done" if workflow.is_completed() else "open"
        known = set(session.scalars(select(UserTask.id).where(UserTask.case_id == row.id)))
        for task in workflow.get_tasks(state=TaskState.READY, manual=True):
            if str(task.id) not in known:
                session.add(
                    UserTask(id=str(task.id), case_id=row.id, name=task.task_spec.name, status="open")
                )
        session.commit()


def _open(case: str) -> Select[tuple[str]]:
    return select(UserTask.id).where(UserTask.case_id == case, UserTask.status == "open")


def careful(connection: Any, record: object) -> None:
    for pragma in ("journal_mode=WAL", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}")
