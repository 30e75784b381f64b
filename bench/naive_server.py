"""The naive design behind Flask: three routes, the library's serializer, the whole workflow in one column.

Run by gunicorn with NAIVE_DATABASE, a SQLAlchemy URL. SQLite is written with the same care as ours (WAL,
synchronous=FULL), and PostgreSQL locks the case's row. It checks no forms, keeps no history and asks nobody
who they are.
"""

from __future__ import annotations

import os
import uuid
from typing import Any

from flask import Flask, jsonify, request
from lxml import etree
from SpiffWorkflow import TaskState
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from sqlalchemy import Engine, create_engine, event, select
from sqlalchemy.orm import Session

from bench.eleven import DIAGRAMS
from bench.naive import Base, Case, UserTask, careful

SERIALIZER = BpmnWorkflowSerializer(BpmnWorkflowSerializer.configure())


def create_tables(url: str) -> None:
    """Before the workers start: two who make the same table at once end each other."""
    database = _engine(url)
    Base.metadata.create_all(database)
    database.dispose()


def create_app(url: str) -> Flask:
    """The server on the database at `url`."""
    app = Flask(__name__)
    database = _engine(url)
    specs = {process: _parsed(process) for process in DIAGRAMS}

    @app.post("/start/<process>")
    def start(process: str) -> Any:
        workflow = BpmnWorkflow(*specs[process])
        workflow.do_engine_steps()
        with Session(database) as session:
            case = Case(id=uuid.uuid4().hex, status="open", state="")
            session.add(case)
            session.flush()
            return jsonify(case=case.id, task=_save(session, case, workflow))

    @app.post("/complete/<case_id>/<task_id>")
    def complete(case_id: str, task_id: str) -> Any:
        with Session(database) as session:
            case = session.get_one(Case, case_id, with_for_update=True)
            workflow = SERIALIZER.deserialize_json(case.state)
            task = workflow.get_task_from_id(uuid.UUID(task_id))
            task.data.update(request.get_json())
            task.run()
            workflow.do_engine_steps()
            session.get_one(UserTask, task_id).status = "done"
            return jsonify(task=_save(session, case, workflow))

    return app


def _engine(url: str) -> Engine:
    options: dict[str, Any] = {"connect_args": {"timeout": 60}} if url.startswith("sqlite") else {}
    database = create_engine(url.replace("postgresql://", "postgresql+psycopg://"), **options)
    if url.startswith("sqlite"):
        event.listen(database, "connect", careful)
    return database


def _parsed(process: str) -> tuple[Any, Any]:
    parser = BpmnParser()
    parser.add_bpmn_xml(etree.fromstring(DIAGRAMS[process]().encode()))
    return parser.get_spec(process), parser.get_subprocess_specs(process)


def _save(session: Session, case: Case, workflow: Any) -> str | None:
    case.state = SERIALIZER.serialize_json(workflow)
    case.status = "done" if workflow.is_completed() else "open"
    known = set(session.scalars(select(UserTask.id).where(UserTask.case_id == case.id)))
    following = None
    for task in workflow.get_tasks(state=TaskState.READY, manual=True):
        following = str(task.id)
        if following not in known:
            session.add(UserTask(id=following, case_id=case.id, name=task.task_spec.name, status="open"))
    session.commit()
    return following


if "NAIVE_DATABASE" in os.environ:
    application = create_app(os.environ["NAIVE_DATABASE"])
